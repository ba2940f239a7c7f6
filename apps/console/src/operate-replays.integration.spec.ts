import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import { ReplayRequestSchema, TOPICS, type ReplayRequest } from '@rollcall/contracts-transport';
import { testServers, uniqueName } from '@rollcall/testing';
import type { ApiRejection, ApiReplay } from './api.ts';
import { projectLike, startConsole, TOKEN, type RunningConsole } from './console.fixture.ts';

const project = uniqueName('replays');
const CODE = 'AN_EVENT_UNKNOWN';
/** More than two pieces. */
const COUNT = 1_100;

/**
 * What the anonymizer was asked, as it would have understood it. It is a stand-in here, because the console may not reach
 * code that sees raw events, in tests either; the two are seen together in `test/console`.
 */
const asked: ReplayRequest[] = [];
/** What it answers to the next request, whatever that is. */
let next: { status: number; body: string } | undefined;
let anonymizer: Server;
let admin: ClickHouse;
let running: RunningConsole;

async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const body = await text(request);
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: '{}' };
  if (request.method !== 'POST' || request.url !== '/replays') return { status: 404, body: '{}' };
  const parsed = ReplayRequestSchema.parse(JSON.parse(body));
  asked.push(parsed);
  const { length } = parsed.records;
  return {
    status: 200,
    body: JSON.stringify({ records: length, lines: length, repeated: 1, missing: 2 }),
  };
}

async function refuse(at: Date, lines: readonly object[]): Promise<void> {
  const common = { project, stage: 'anonymizer', code: CODE, topic: TOPICS.raw, count: 1 };
  const rows = lines.map((line) =>
    JSON.stringify({ ...common, at: at.toISOString().slice(0, 19).replace('T', ' '), ...line }),
  );
  const token = uniqueName('rejections');
  await admin.insertLines('rejections', [Buffer.from(`${rows.join('\n')}\n`)], { token });
}

beforeAll(async () => {
  anonymizer = createServer((request, response) => {
    void (next === undefined ? answer(request) : Promise.resolve(next)).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body),
    );
  });
  await new Promise<void>((resolve) => anonymizer.listen(0, '127.0.0.1', resolve));
  const { url, admin: all } = testServers().clickhouse;
  admin = createClickHouse({ url, username: all.user, password: all.password });
  const now = new Date();
  const places = Array.from({ length: COUNT }, (_, offset) => ({ partition: 1, offset, index: 0 }));
  await refuse(now, [...places, { partition: 0, offset: 9_000_000_000_000_000, index: -1 }]);
  await refuse(new Date(now.getTime() - 3 * 86_400_000), [{ partition: 7, offset: 7, index: 7 }]);
  await refuse(now, [
    { partition: 8, offset: 8, index: 8, code: 'AN_FIELD_VALUE' },
    { partition: 8, offset: 8, index: 8, project: `${project}-other` },
    {
      partition: 8,
      offset: 8,
      index: 8,
      topic: TOPICS.anonymized,
      stage: 'sink',
      code: 'SK_ROW_REFUSED',
    },
    { partition: -1, offset: -1, index: -1, topic: '', stage: 'gateway', code: 'GW_EVENT_UNKNOWN' },
  ]);
  const { port } = anonymizer.address() as AddressInfo;
  running = await startConsole([await projectLike('kusk', { project })], {
    // with a slash at its end, as people write it
    CONSOLE_ANONYMIZER_URL: `http://127.0.0.1:${port}/`,
  });
});
afterAll(async () => {
  await Promise.all([running.close(), admin.close()]);
  anonymizer.close();
});
beforeEach(() => {
  asked.length = 0;
  next = undefined;
});

const wanted = { topic: TOPICS.raw, code: CODE, project, days: 1, dry_run: true };

const post = (body: unknown, headers: Record<string, string>): Promise<Response> =>
  fetch(`${running.url}/operate/api/replays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function replay(body: unknown): Promise<Response> {
  return post(body, { cookie: await running.signIn() });
}

test('what can be replayed is shown with its count, and nothing else is', async () => {
  const rejections = (await (
    await running.get('/operate/api/rejections', { cookie: await running.signIn() })
  ).json()) as ApiRejection[];
  const own = rejections.filter((row) => row.project === project);
  expect(
    own.map((row) => `${row.code} ${row.replayable} of ${row.count} ${row.topic}`).toSorted(),
  ).toEqual([
    `AN_EVENT_UNKNOWN ${COUNT + 1} of ${COUNT + 1} ${TOPICS.raw}`,
    `AN_FIELD_VALUE 1 of 1 ${TOPICS.raw}`,
    'GW_EVENT_UNKNOWN 0 of 1 ',
    `SK_ROW_REFUSED 1 of 1 ${TOPICS.anonymized}`,
  ]);
});

test('piece by piece, each place is sent to the anonymizer once, and no other', async () => {
  const pieces: ApiReplay[] = [];
  let after: string | null = null;
  do {
    const request: object = { ...wanted, dry_run: false, ...(after !== null && { after }) };
    const piece = (await (await replay(request)).json()) as ApiReplay;
    pieces.push(piece);
    after = piece.next;
  } while (after !== null);
  expect(pieces.map(({ records }) => records)).toEqual([500, 500, 101]);
  expect(pieces[0]).toMatchObject({ lines: 500, repeated: 1, missing: 2 });
  const places = asked.flatMap(({ records }) => records);
  expect(places).toHaveLength(COUNT + 1);
  expect(new Set(places.map(({ partition, offset }) => `${partition}/${offset}`))).toEqual(
    new Set([...Array.from({ length: COUNT }, (_, offset) => `1/${offset}`), '0/9000000000000000']),
  );
  expect(new Set(asked.map((one) => `${one.topic} ${one.dry_run}`))).toEqual(
    new Set([`${TOPICS.raw} false`]),
  );
});

test('what is refused again meanwhile is not gone after: the pieces end', async () => {
  const first = (await (await replay(wanted)).json()) as ApiReplay;
  await refuse(new Date(), [{ partition: 1, offset: 5_000_000, index: 0 }]);
  await replay({ ...wanted, after: first.next });
  expect(asked.flatMap(({ records }) => records).map(({ offset }) => offset)).not.toContain(
    '5000000',
  );
});

test('as far back as asked for, and no further', async () => {
  expect((await replay({ ...wanted, days: 7 })).status).toBe(200);
  expect(asked[0]?.records[0]).toEqual({ partition: 7, offset: '7', index: 7 });
  expect(asked[0]?.dry_run).toBe(true);
});

test('where nothing was refused, the anonymizer is not asked', async () => {
  const answered = await replay({ ...wanted, code: 'AN_EVENT_UNREADABLE' });
  expect(await answered.json()).toEqual({
    records: 0,
    lines: 0,
    repeated: 0,
    missing: 0,
    next: null,
  });
  expect(asked).toEqual([]);
});

test.each([
  ['who is not signed in', {}, 'CO_SIGNED_OUT'],
  ['the token as Bearer', { authorization: `Bearer ${TOKEN}` }, 'CO_SIGNED_OUT'],
])('nothing is replayed for %s', async (_, headers: Record<string, string>, code) => {
  expect(await (await post(wanted, headers)).json()).toMatchObject({ code });
  expect(asked).toEqual([]);
});

test('nothing is replayed for a page of another origin', async () => {
  const headers = { cookie: await running.signIn(), origin: 'https://evil.example' };
  expect(await (await post(wanted, headers)).json()).toMatchObject({ code: 'CO_FOREIGN_ORIGIN' });
  expect(asked).toEqual([]);
});

test.each([
  ['no JSON', 'planted'],
  ['no code', { ...wanted, code: undefined }],
  ['a code of the gateway, whose refusals lie nowhere', { ...wanted, code: 'GW_EVENT_UNKNOWN' }],
  ['the topic of erasures', { ...wanted, topic: TOPICS.erasure }],
  ['a place of its own choice', { ...wanted, records: [{ partition: 0, offset: '0', index: 0 }] }],
  ['a cursor that is none', { ...wanted, after: '1/planted/0' }],
  ['a hundred days', { ...wanted, days: 100 }],
])('refuses %s', async (_, body) => {
  const refused = await replay(body);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'CO_PARAMETER' });
  expect(asked).toEqual([]);
});

describe('an anonymizer that does not do it', () => {
  test.each([
    ['knows another token', 401, 'CO_REPLAY_UNSET', 403],
    ['has no token', 403, 'CO_REPLAY_UNSET', 403],
    ['is busy', 409, 'AN_REPLAY_BUSY', 409],
    ['has no Kafka', 503, 'AN_REPLAY_FAILED', 503],
    ['is something else', 200, 'CO_ANONYMIZER_AWAY', 503],
    ['is something else that has no such page', 404, 'CO_ANONYMIZER_AWAY', 503],
    ['is something else that failed', 500, 'CO_ANONYMIZER_AWAY', 503],
  ])('because it %s is told of by a code', async (_, status, code, told) => {
    next = { status, body: '<p>planted</p>' };
    const refused = await replay(wanted);
    expect(refused.status).toBe(told);
    const body = await refused.text();
    expect(JSON.parse(body)).toMatchObject({ code });
    expect(body).not.toContain('planted');
  });

  test('because it is away is told of by a code, and the token is in no log', async () => {
    const own = await startConsole([await projectLike('kusk', { project })], {
      CONSOLE_ANONYMIZER_URL: 'http://127.0.0.1:1',
    });
    try {
      const answered = await fetch(`${own.url}/operate/api/replays`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: await own.signIn() },
        body: JSON.stringify(wanted),
      });
      expect(await answered.json()).toMatchObject({ code: 'CO_ANONYMIZER_AWAY' });
      expect(own.logged() + running.logged()).not.toContain(TOKEN);
    } finally {
      await own.close();
    }
  });
});
