import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminToken } from '@rollcall/service-kit';
import { startGateway, type RunningGateway } from '../gateway.fixture.ts';

const TOKEN = 'a-token-that-only-this-spec-knows';
let dir: string;
let gateway: RunningGateway;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-token-'));
  const file = join(dir, 'token');
  await writeFile(file, `${TOKEN}\n`);
  gateway = await startGateway(
    { GATEWAY_ADMIN_TOKEN_FILE: file, KAFKA_BROKERS: '127.0.0.1:1' },
    { isConnected: false },
  );
});
afterAll(async () => {
  await gateway.app.close();
  await rm(dir, { recursive: true, force: true });
});

const metrics = (headers: Record<string, string> = {}, path = '/metrics'): Promise<Response> =>
  fetch(gateway.url + path, { headers });

test('shows the metrics to who has the token', async () => {
  const answer = await metrics({ authorization: `Bearer ${TOKEN}` });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('gateway_events_accepted_total');
});

test.each([
  ['nothing', {}],
  ['another token', { authorization: 'Bearer another-token-altogether' }],
  ['a part of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ['it in another form', { authorization: `Basic ${TOKEN}` }],
])('refuses who brings %s', async (_, headers) => {
  for (const path of ['/metrics', '/metrics/', '/metrics?x=1', '/%6detrics']) {
    const answer = await metrics(headers, path);
    expect([401, 404]).toContain(answer.status);
    expect(await answer.text()).not.toContain('gateway_');
  }
  expect((await metrics(headers)).status).toBe(401);
});

test('leaves health to whoever asks', async () => {
  expect((await metrics({}, '/health/live')).status).toBe(200);
});

test('does not start with a file that is not there or holds no token', async () => {
  await expect(AdminToken.fromFile(join(dir, 'none'), 'A_FILE')).rejects.toMatchObject({
    code: 'CFG_INVALID',
  });
  await writeFile(join(dir, 'short'), 'x\n');
  await expect(AdminToken.fromFile(join(dir, 'short'), 'A_FILE')).rejects.toMatchObject({
    code: 'CFG_INVALID',
  });
});
