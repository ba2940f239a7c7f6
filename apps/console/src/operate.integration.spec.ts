import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '@rollcall/testing';
import type { ApiPipeline, ApiQueryResult } from './api.ts';
import { installations, ProjectRows } from './console-rows.fixture.ts';
import { projectLike, startConsole, TOKEN, type RunningConsole } from './console.fixture.ts';

const project = uniqueName('operate');
const COUNT = 40;

let rows: ProjectRows;
let running: RunningConsole;

beforeAll(async () => {
  rows = new ProjectRows(project);
  await rows.events(
    installations(COUNT, 'i').map((installation) => ({ installation, daysAgo: 1 })),
  );
  running = await startConsole([await projectLike('kusk', { project })]);
});
afterAll(async () => {
  await Promise.all([running.close(), rows.close()]);
});

const post = (
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(running.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('behind the sign-in', () => {
  const PATHS = ['/operate/api/pipeline', '/operate/api/rejections', '/operate/api/erasures'];

  test.each([
    ['nothing', {}],
    ['a forged cookie', { cookie: `rollcall_session=${'A'.repeat(43)}` }],
    ['the token itself as a cookie', { cookie: `rollcall_session=${TOKEN}` }],
    ['a cookie of another name', { cookie: 'session=x' }],
    ['the token as Bearer', { authorization: `Bearer ${TOKEN}` }],
  ])('nobody comes with %s', async (_, headers: Record<string, string>) => {
    for (const path of PATHS)
      expect(await (await running.get(path, headers)).json()).toMatchObject({
        code: 'CO_SIGNED_OUT',
      });
    const refused = await post('/operate/api/query', { query: 'SELECT 1' }, headers);
    expect(refused.status).toBe(401);
  });

  test('a session lasts until it is signed out, and is sent to this path alone', async () => {
    const answer = await post('/operate/session', { token: TOKEN });
    expect(answer.status).toBe(204);
    const header = answer.headers.get('set-cookie') ?? '';
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Strict/);
    expect(header).toMatch(/Path=\/operate/);
    const [cookie = ''] = header.split(';');
    expect((await running.get(PATHS[1] ?? '', { cookie })).status).toBe(200);
    const session = await running.get('/operate/session', { cookie });
    expect(await session.json()).toEqual({ is_signed_in: true });
    await fetch(`${running.url}/operate/session`, { method: 'DELETE', headers: { cookie } });
    expect((await running.get(PATHS[1] ?? '', { cookie })).status).toBe(401);
  });

  test('a page of another origin gets nothing done, with a session or without', async () => {
    const cookie = await running.signIn();
    for (const headers of [
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      const answer = await post('/operate/api/query', { query: 'SELECT 1' }, headers);
      expect(await answer.json()).toMatchObject({ code: 'CO_FOREIGN_ORIGIN' });
    }
    const signIn = await post(
      '/operate/session',
      { token: TOKEN },
      { origin: 'https://evil.example' },
    );
    expect(signIn.status).toBe(403);
  });

  test('erasures are shown by who may read receipts, and not as the analyst', async () => {
    const cookie = await running.signIn();
    const answer = await running.get('/operate/api/erasures', { cookie });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(expect.any(Array));
    const asAnalyst = await post(
      '/operate/api/query',
      { query: 'SELECT * FROM erasures' },
      { cookie },
    );
    expect(await asAnalyst.json()).toMatchObject({ code: 'CO_QUERY_REFUSED' });
  });

  test('metrics are for who has the token', async () => {
    expect((await running.get('/metrics')).status).toBe(401);
    const answer = await running.get('/metrics', { authorization: `Bearer ${TOKEN}` });
    expect(await answer.text()).toContain('process_resident_memory_bytes');
  });

  test('the pipeline tells of services that do not answer', async () => {
    const cookie = await running.signIn();
    const answer = await running.get('/operate/api/pipeline', { cookie });
    const { stages } = (await answer.json()) as { stages: { name: string }[] };
    expect(stages.map(({ name }) => name)).toEqual(['gateway', 'anonymizer', 'sink']);
  });
});

test('the pipeline is read also from a gateway that asks for the token, which no other service is shown', async () => {
  const shown: string[] = [];
  const service = createServer(({ url = '', headers }, response) => {
    shown.push(`${url} ${headers.authorization ?? ''}`);
    const isRefused = url === '/gateway/metrics' && headers.authorization !== `Bearer ${TOKEN}`;
    response.writeHead(isRefused ? 401 : 200).end('gateway_events_accepted_total{project="x"} 3\n');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const own = await startConsole([await projectLike('kusk', { project })], {
    CONSOLE_GATEWAY_URL: `${origin}/gateway`,
    CONSOLE_ANONYMIZER_URL: `${origin}/anonymizer`,
    CONSOLE_SINK_URL: `${origin}/sink`,
  });
  try {
    const answer = await own.get('/operate/api/pipeline', { cookie: await own.signIn() });
    const { stages } = (await answer.json()) as ApiPipeline;
    expect(stages[0]).toMatchObject({ name: 'gateway', is_ready: true, events: 3 });
    expect(shown.filter((each) => each.includes(TOKEN))).toEqual([
      `/gateway/metrics Bearer ${TOKEN}`,
    ]);
  } finally {
    await own.close();
    service.close();
  }
});

describe('the query box', () => {
  async function run(query: string): Promise<Response> {
    return post('/operate/api/query', { query }, { cookie: await running.signIn() });
  }

  test('gives columns with their types, and rows', async () => {
    const result = (await (
      await run(`SELECT day, installations FROM daily_active WHERE project = '${project}'`)
    ).json()) as ApiQueryResult;
    expect(result.columns).toEqual([
      { name: 'day', type: 'Date' },
      { name: 'installations', type: 'UInt64' },
    ]);
    expect(result.rows.map(([, count]) => count)).toEqual([COUNT]);
  });

  test('cuts what is too long, and says so', async () => {
    const result = (await (
      await run('SELECT number FROM numbers(1000000)')
    ).json()) as ApiQueryResult;
    expect(result.rows).toHaveLength(5_000);
    expect(result.is_cut).toBe(true);
  });

  test.each([
    ['writes', 'INSERT INTO rollcall.events (project) VALUES (1)'],
    ['deletes', 'ALTER TABLE rollcall.events DELETE WHERE 1'],
    ['drops', 'DROP TABLE rollcall.events'],
    ['reads a file', "SELECT * FROM file('/etc/passwd', 'LineAsString')"],
    [
      'reads another server',
      "SELECT * FROM url('http://127.0.0.1:1/x', 'LineAsString', 'x String')",
    ],
    ['reads who there is', 'SELECT * FROM system.users'],
    ['lifts its own limits', 'SELECT 1 SETTINGS readonly = 0'],
    ['lifts the limit of time', 'SELECT 1 SETTINGS max_execution_time = 0'],
    ['asks for another format', 'SELECT 1 FORMAT TSV'],
    ['is two statements', 'SELECT 1; SELECT 2'],
    ['is not SQL', '🙂'],
    ['makes too many rows in memory', 'SELECT groupArray(number) FROM numbers(4000000000)'],
  ])('refuses what %s', async (_, query) => {
    const answer = await run(query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'CO_QUERY_REFUSED' });
  });

  test.each([
    ['no JSON', 'x'],
    ['no query', {}],
    ['more than a query', { query: 'SELECT 1', user: 'admin' }],
    ['an endless query', { query: `SELECT '${'x'.repeat(60_000)}'` }],
  ])('refuses %s', async (_, body) => {
    const answer = await post('/operate/api/query', body, { cookie: await running.signIn() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'CO_PARAMETER' });
  });

  test('leaves no query, no data and no token in the log', async () => {
    await run("SELECT throwIf(1, 'planted-in-an-error')");
    await post('/operate/session', { token: 'a-wrong-planted-token' });
    expect(running.logged()).not.toMatch(/planted|onerror/);
    expect(running.logged()).not.toContain(TOKEN);
  });
});

test('wrong tokens are looked at only so often', async () => {
  const own = await startConsole([await projectLike('kusk', { project })]);
  try {
    const statuses = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const answer = await fetch(`${own.url}/operate/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: `wrong-${attempt}` }),
      });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
  } finally {
    await own.close();
  }
});
