import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { testServers } from '@rollcall/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type RunningGateway } from '../gateway.fixture.ts';

let gateway: RunningGateway;
const GOOD = { event: 'stats', installation_id: 'i-1', properties: { kamaji_version: 'v1.0.0' } };

beforeAll(async () => {
  gateway = await startGateway({
    KAFKA_BROKERS: testServers().brokers.join(','),
    GATEWAY_REQUEST_TIMEOUT_MS: '1500',
    GATEWAY_BODY_MAX_BYTES: '65536',
    GATEWAY_INFLATED_MAX_BYTES: '262144',
    GATEWAY_EVENT_MAX_BYTES: '16384',
  });
});
afterAll(() => gateway.app.close());

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly json: Record<string, unknown>;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(gateway.url + path, { method: 'POST', body, headers });
  const text = await response.text();
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, code: json['code'], json };
}

const events = (body: unknown): Promise<Answer> =>
  post('/p/kamaji/events', typeof body === 'string' ? body : JSON.stringify(body));

test.each<[string, string | Buffer, number, string]>([
  ['not JSON', 'hello', 400, 'GW_BODY_NOT_JSON'],
  ['half of a JSON', '{"event":"stats"', 400, 'GW_BODY_NOT_JSON'],
  ['an empty body', '', 400, 'GW_BODY_EMPTY'],
  ['a number', '5', 400, 'GW_EVENT_SHAPE'],
  ['an empty array', '[]', 400, 'GW_BODY_SHAPE'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, 'GW_BODY_NOT_UTF8'],
  ['nesting beyond any use', '['.repeat(5_000) + ']'.repeat(5_000), 400, 'GW_BODY_TOO_DEEP'],
  ['a body over the limit', `"${'x'.repeat(70_000)}"`, 413, 'GW_BODY_TOO_LARGE'],
  ['an event without a name', '{"properties":{}}', 400, 'GW_EVENT_SHAPE'],
  ['a field that the envelope does not have', '{"event":"stats","extra":1}', 400, 'GW_EVENT_SHAPE'],
  ['a time that is none', '{"event":"stats","occurred_at":"yesterday"}', 400, 'GW_EVENT_SHAPE'],
  ['an event that the catalogue does not name', '{"event":"unheard-of"}', 400, 'GW_EVENT_UNKNOWN'],
  [
    'a __proto__ key',
    '{"event":"stats","properties":{"__proto__":{"polluted":true}}}',
    400,
    'GW_KEY_FORBIDDEN',
  ],
  [
    'a numeric field as text',
    '{"event":"stats","properties":{"tenant_control_plane":{"running":"7"}}}',
    400,
    'GW_FIELD_TYPE',
  ],
  [
    'an event over its limit',
    JSON.stringify({ event: 'stats', properties: { a: 'x'.repeat(20_000) } }),
    400,
    'GW_EVENT_TOO_LARGE',
  ],
])('answers %s with a code of its own', async (_, body, status, code) => {
  const answer = await post('/p/kamaji/events', body);
  expect([answer.status, answer.code]).toEqual([status, code]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([
  [
    'a numeric field as text',
    '{"uuid":"u","kamaji_version":"v1","kubernetes_version":"v1","running":"1"}',
  ],
  ['no uuid', '{"kamaji_version":"v1","kubernetes_version":"v1","running":1}'],
  ['a list', '[]'],
])('answers Kamaji stats with %s', async (_, body) => {
  const answer = await post('/p/kamaji/stats', body);
  expect(answer.status).toBe(400);
  expect(answer.code).toMatch(/^GW_(EVENT|BODY)_SHAPE$/);
});

test.each([
  ['an unknown project', '/p/nobody/events', 404, 'GW_PROJECT_UNKNOWN'],
  ['an unknown path', '/p/kamaji/nothing', 404, 'GW_PATH_UNKNOWN'],
  ['a path of no project', '/events', 404, 'GW_PATH_UNKNOWN'],
])('answers %s', async (_, path, status, code) => {
  expect(await post(path, JSON.stringify(GOOD))).toMatchObject({ status, code });
});

test('answers a wrong method with the ones it takes', async () => {
  const response = await fetch(`${gateway.url}/p/kamaji/events`, { method: 'PUT', body: '{}' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
});

test('keeps the good events of a request and names each bad one by its place', async () => {
  const answer = await events([
    GOOD,
    { event: 'unheard-of' },
    { ...GOOD, event_id: 'one' },
    { ...GOOD, event_id: 'one' },
    'text',
    { ...GOOD, properties: { tenant_control_plane: { running: '7' } } },
    GOOD,
  ]);
  expect(answer.status).toBe(200);
  expect(answer.json['accepted']).toBe(3);
  expect(
    (answer.json['rejected'] as { index: number; code: string }[]).map(({ index, code }) => [
      index,
      code,
    ]),
  ).toEqual([
    [1, 'GW_EVENT_UNKNOWN'],
    [3, 'GW_EVENT_ID_DUPLICATE'],
    [4, 'GW_EVENT_SHAPE'],
    [5, 'GW_FIELD_TYPE'],
  ]);
});

test('keeps the good lines of NDJSON around a broken one', async () => {
  const line = JSON.stringify(GOOD);
  const answer = await events(`${line}\n{"event":\n${line}\n`);
  expect(answer).toMatchObject({
    status: 200,
    json: { accepted: 2, rejected: [{ index: 1, code: 'GW_BODY_NOT_JSON' }] },
  });
});

test.each<[string, Buffer, string, Pick<Answer, 'status' | 'code'>]>([
  [
    'a gzip bomb',
    gzipSync(Buffer.alloc(8_000_000, 0x20)),
    'gzip',
    { status: 413, code: 'GW_BODY_TOO_LARGE' },
  ],
  ['gzip that is none', Buffer.from('{}'), 'gzip', { status: 400, code: 'GW_BODY_ENCODING' }],
  [
    'an encoding nobody knows',
    Buffer.from('{}'),
    'rot13',
    { status: 415, code: 'GW_ENCODING_UNKNOWN' },
  ],
])('answers %s without inflating beyond its cap', async (_, body, encoding, refusal) => {
  expect(await post('/p/kamaji/events', body, { 'content-encoding': encoding })).toMatchObject(
    refusal,
  );
});

test('reads gzip, and JSON under whatever content type', async () => {
  const body = JSON.stringify(GOOD);
  expect(
    await post('/p/kamaji/events', gzipSync(body), { 'content-encoding': 'gzip' }),
  ).toMatchObject({ status: 200 });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])
    expect(await post('/p/kamaji/events', body, { 'content-type': type })).toMatchObject({
      status: 200,
    });
});

/** Writes the start of a request, goes on as told, and returns everything that came back until the socket closed. */
function talk(
  start: string,
  goOn: (write: (text: string) => void, close: () => void) => void,
): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(gateway.port, '127.0.0.1', () => {
      socket.write(start);
      goOn(
        (more) => socket.writable && socket.write(more),
        () => socket.destroy(),
      );
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

const HEAD = 'POST /p/kamaji/events HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n';

test('answers 408 to a client that sends one byte at a time, and closes', async () => {
  let timer: NodeJS.Timeout | undefined;
  const text = await talk(HEAD, (write) => {
    timer = setInterval(() => write('{'), 100);
  });
  clearInterval(timer);
  expect(text).toContain('408');
  expect(text).toContain('GW_REQUEST_TIMEOUT');
});

test('answers 408 to headers that never end', async () => {
  const text = await talk('POST /p/kamaji/events HTTP/1.1\r\nhost: a\r\n', () => undefined);
  expect(text).toContain('408');
});

test('stores nothing of a body that stops half-way, and stays up', async () => {
  await talk(HEAD + JSON.stringify(GOOD), (_, close) => setTimeout(close, 100));
  expect(await events(GOOD)).toMatchObject({ status: 200 });
});

test.each([
  ['what is not HTTP', 'hello\r\n\r\n', 'GW_REQUEST_MALFORMED'],
  [
    'headers over the limit',
    `POST / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    'GW_HEADERS_TOO_LARGE',
  ],
])('answers %s', async (_, bytes, code) => {
  expect(await talk(bytes, () => undefined)).toContain(code);
});

test('serves a path with and without its slash and never redirects', async () => {
  const body = '{"uuid":"u","kamaji_version":"v1.0.0","kubernetes_version":"v1.33.1","running":1}';
  for (const path of ['/p/kamaji/stats', '/p/kamaji/stats/'])
    expect(await post(path, body)).toMatchObject({ status: 200, json: {} });
});

test('keeps memory flat under five thousand bad requests', async () => {
  const bodies = ['hello', '[', '{"event":1}', '[]', `"${'x'.repeat(60_000)}"`];
  const round = async (): Promise<void> => {
    for (let i = 0; i < 50; i += 1)
      await Promise.all(
        Array.from({ length: 50 }, (_, j) => post('/p/kamaji/events', bodies[j % 5] ?? '')),
      );
  };
  await round();
  const before = process.memoryUsage().heapUsed;
  await round();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1_048_576);
});
