import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-secrets-'));
const ADMIN_TOKEN = 'admin-token-7d0e1a52c3f94b86';
const CHATTY = { LOG_LEVEL: 'trace' };
const answers: string[] = [];
let stack: RollcallStack;

beforeAll(async () => {
  const tokenFile = join(dataDir, 'admin-token');
  writeFileSync(tokenFile, ADMIN_TOKEN, { mode: 0o600 });
  stack = await startRollcall({
    dataDir,
    serviceEnvironment: {
      gateway: { ...CHATTY, GATEWAY_ADMIN_TOKEN_FILE: tokenFile },
      anonymizer: CHATTY,
      sink: CHATTY,
    },
  });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Every secret of this installation, by what it is. */
function secrets(): ReadonlyMap<string, string> {
  const { clickhouse, gateway, projects } = stack.credentials;
  const keyring = JSON.parse(readFileSync(join(dataDir, 'keyring.json'), 'utf8')) as {
    projects: Record<string, { event_id_key: string; epochs: { key: string }[] }>;
  };
  return new Map([
    ['the admin token', ADMIN_TOKEN],
    ['the admin token in the credentials', gateway.admin_token],
    ['the password of the admin', clickhouse.admin.password],
    ['the password of the sink', clickhouse.sink.password],
    ['the password of the analyst', clickhouse.analyst.password],
    ['the write key of kusk', projects.kusk.write_key],
    ['the api key of glasskube', projects.glasskube.api_key],
    ...Object.entries(keyring.projects).flatMap(([project, { event_id_key, epochs }]) => [
      [`the event id key of ${project}`, event_id_key] as const,
      ...epochs.map(({ key }, i) => [`key ${i} of ${project}`, key] as const),
    ]),
  ]);
}

/** A secret as it is, and as it travels in a header of Basic authentication or in an address. */
function formsOf(secret: string): readonly string[] {
  const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
  return [secret, base64(secret), base64(`${secret}:`), encodeURIComponent(secret)];
}

async function send(path: string, init: RequestInit): Promise<number> {
  const answer = await fetch(`${stack.urlOf('gateway')}${path}`, init);
  answers.push(JSON.stringify([...answer.headers]), await answer.text());
  return answer.status;
}

/** Requests that carry secrets, right and wrong ones, and all that goes wrong beside them. */
async function provoke(): Promise<number[]> {
  const { kusk, glasskube } = stack.credentials.projects;
  const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    send(path, { method: 'POST', body, headers });
  const track = '{"type":"track","event":"kusk-cli","userId":"u","properties":{"event":"x"}}';
  return [
    await post('/v1/track', track, { authorization: basic(kusk.write_key) }),
    await post('/v1/track', `${track}}`, { authorization: basic(kusk.write_key) }),
    await post('/v1/track', track, { authorization: basic(`${kusk.write_key}x`) }),
    await post('/batch/', `{"api_key":"${glasskube.api_key}","batch":[{"event":1}]}`),
    await post('/batch/', `{"api_key":"${glasskube.api_key}","batch":`),
    await post(`/p/${glasskube.api_key}/events`, '{}'),
    await send('/metrics', {}),
    await send('/metrics', { headers: { authorization: `Bearer ${ADMIN_TOKEN}x` } }),
    await send('/metrics', { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }),
    // the log says why it cannot insert, and not as whom
    await stack
      .process('clickhouse')
      .stop()
      .then(() => 0),
    await post(
      '/p/kamaji/stats',
      '{"uuid":"u","kamaji_version":"v1.0.0","kubernetes_version":"v1.33.1","running":1}',
    ),
    await stack
      .process('clickhouse')
      .start()
      .then(() => 0),
  ];
}

async function metricsOf(service: 'gateway' | 'anonymizer' | 'sink'): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return (await fetch(`${stack.urlOf(service)}/metrics`, { headers })).text();
}

test('no secret is in a log, an answer, a metric or an argument of a process', async () => {
  const statuses = await provoke();
  console.log('answers:', statuses.join(' '));
  expect(statuses).toEqual(expect.arrayContaining([200, 400, 401, 404]));
  const logs = readdirSync(join(dataDir, 'logs')).map((name) => ({
    title: `log ${name}`,
    text: readFileSync(join(dataDir, 'logs', name), 'utf8'),
  }));
  const processes = Object.entries(stack.pids()).map(([name, pid]) => ({
    title: `arguments of ${name}`,
    text: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
  }));
  const metrics = await Promise.all(
    (['gateway', 'anonymizer', 'sink'] as const).map(async (name) => ({
      title: `metrics of ${name}`,
      text: await metricsOf(name),
    })),
  );
  const haystacks = [...logs, ...processes, ...metrics, { title: 'answers', text: answers.join() }];
  // what is searched is there
  expect(processes).toHaveLength(5);
  for (const { title, text } of haystacks.filter((each) => !each.title.startsWith('log ')))
    expect(text.length, title).toBeGreaterThan(20);
  expect(logs.find(({ title }) => title === 'log sink.log')?.text).toContain('CH_UNAVAILABLE');
  const found = haystacks.flatMap(({ title, text }) =>
    [...secrets()]
      .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
      .map(([what]) => `${what}: ${title}`),
  );
  expect(found).toEqual([]);
});
