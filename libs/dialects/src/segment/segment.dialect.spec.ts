import { expect, test } from 'vitest';
import {
  answerTo,
  decoded,
  readCapture,
  RECEIVED_AT,
  refusalCode,
  rejections,
  wireRequest,
} from '../../fixtures/wire-request.ts';
import { segmentDialect } from './segment.dialect.ts';

const CLUSTER = '0d9c2f1e-52a7-4b51-9a53-6d1e7c1a4b10';
const track = { type: 'track', event: 'kusk', anonymousId: CLUSTER };
const OK = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"success":true}',
};
const basic = (user: string) => `Basic ${Buffer.from(`${user}:`).toString('base64')}`;
const read = (path: string, body: unknown) => decoded(segmentDialect, wireRequest(path, body));
const batch = (...messages: unknown[]) => read('/v1/batch', { batch: messages });
const only = (path: string, body: unknown) => read(path, body).events[0] ?? expect.unreachable();

const captures = [...readCapture('kusk'), ...readCapture('segment-go-v3')];

test.each(captures)(
  'answers request %# of the real libraries as Segment does',
  ({ request, response }) => {
    expect(segmentDialect.methodsOf(request.path)).toContain(request.method);
    expect(answerTo(segmentDialect, request)).toEqual(response);
  },
);

test('reads what Kusk sends', () => {
  const request = readCapture('kusk')[5]?.request ?? expect.unreachable();
  const read = decoded(segmentDialect, request);
  const id = '9b6f2e0b7c1d4e5f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d0e1f';
  expect(read.writeKey).toBe('kusk-telemetry-token');
  expect(read.events).toEqual([
    {
      event: 'kusk-cli',
      eventId: '00677535-4a5c-46c1-9910-ceae899cc700',
      installationId: id,
      occurredAt: RECEIVED_AT,
      writtenAt: Date.parse('2026-11-21T00:55:50.982Z'),
      properties: {
        command: ['api', 'generate', '-i', '/home/jane/api.yaml', '--name', 'secret-api'],
        error: { Op: 'open', Path: '/home/jane/api.yaml', Err: 2 },
        event: 'api',
        version: 'v1.5.2',
        $context: { library: { name: 'analytics-go', version: '3.0.0' } },
      },
    },
  ]);
});

test('reads every call of the Go library, the context of the batch under the one of the message', () => {
  const request = readCapture('segment-go-v3')[0]?.request ?? expect.unreachable();
  const library = { name: 'analytics-go', version: '3.0.0' };
  const events = decoded(segmentDialect, request).events;
  expect(
    events.map(({ event, installationId, properties }) => ({ event, installationId, properties })),
  ).toEqual([
    {
      event: '$identify',
      installationId: 'user-1',
      properties: { $context: { library }, $traits: { email: 'jane@example.org', plan: 'oss' } },
    },
    {
      event: 'install',
      installationId: 'anon-1',
      properties: {
        nodes: 3,
        version: '1.2.3',
        $user_id: 'user-1',
        $context: {
          library,
          app: { name: 'kusk', version: '1.5.2' },
          ip: '203.0.113.7',
          locale: 'en-US',
          os: { name: 'linux', version: '6.8' },
          timezone: 'Europe/Prague',
          userAgent: 'kusk/1.5.2',
        },
      },
    },
    {
      event: '$page',
      installationId: 'anon-1',
      properties: {
        path: '/docs',
        title: 'Docs',
        url: 'https://example.org/docs?email=jane@example.org',
        $context: { library },
        $name: 'Docs',
      },
    },
    {
      event: '$screen',
      installationId: 'anon-1',
      properties: { variant: 'a', $context: { library }, $name: 'Main' },
    },
    {
      event: '$group',
      installationId: 'user-1',
      properties: { $context: { library }, $traits: { name: 'Example Org' }, $group_id: 'org-1' },
    },
    {
      event: '$alias',
      installationId: 'user-1',
      properties: { $context: { library }, $previous_id: 'anon-1' },
    },
  ]);
});

test.each([
  ['/v1/track', '/v1/t', 'kusk', {}],
  ['/v1/identify', '/v1/i', '$identify', {}],
  ['/v1/page', '/v1/p', '$page', { name: 'Docs', category: 'web' }],
  ['/v1/screen', '/v1/s', '$screen', { name: 'Main' }],
  ['/v1/group', '/v1/g', '$group', { groupId: 'g' }],
  ['/v1/alias', '/v1/a', '$alias', { previousId: 'p', userId: 'u' }],
])('takes %s and %s', (long, short, event, fields) => {
  const { type: _, ...message } = { ...track, ...fields };
  expect(only(long, message).event).toBe(event);
  expect(only(short, message)).toEqual(only(long, message));
});

test.each(['/v1/batch', '/v1/b', '/beacon/v1/batch'])('takes a batch at %s', (path) => {
  expect(read(path, { batch: [track] }).events).toHaveLength(1);
});

test('prefers a context key of the message to the same key of the batch', () => {
  const [event] = read('/v1/batch', {
    batch: [{ ...track, context: { app: { name: 'own' } } }],
    context: { app: { name: 'batch', version: '1' }, library: { name: 'l' } },
  }).events;
  expect(event?.properties['$context']).toEqual({ app: { name: 'own' }, library: { name: 'l' } });
});

test.each([
  ['anonymousId before userId', { anonymousId: 'a', userId: 'u' }, 'a', 'u'],
  ['one id under both names once', { anonymousId: 'a', userId: 'a' }, 'a', undefined],
  ['userId alone', { anonymousId: undefined, userId: 'u' }, 'u', undefined],
  ['null for none', { anonymousId: null, userId: 'u' }, 'u', undefined],
  ['empty text for none', { anonymousId: '', userId: 'u' }, 'u', undefined],
  ['a number for its digits', { anonymousId: undefined, userId: 42 }, '42', undefined],
])('takes %s', (_, ids, installationId, userId) => {
  const event = only('/v1/track', { ...track, ...ids });
  expect(event.installationId).toBe(installationId);
  expect(event.properties['$user_id']).toBe(userId);
});

test.each([
  ['of the batch', { sentAt: '2019-01-01T00:00:10Z' }, {}],
  ['of the message', {}, { sentAt: '2019-01-01T00:00:10Z' }],
])('corrects a clock that is years off by the sentAt %s', (_, outer, inner) => {
  const message = { ...track, timestamp: '2019-01-01T00:00:00Z', ...inner };
  const [event] = read('/v1/batch', { ...outer, batch: [message] }).events;
  expect(event?.occurredAt).toBe(RECEIVED_AT - 10_000);
  expect(event?.writtenAt).toBe(Date.UTC(2019, 0, 1));
});

test('goes by originalTimestamp when both are there', () => {
  const times = {
    originalTimestamp: '2026-11-21T00:00:00Z',
    timestamp: '2026-11-21T00:00:05Z',
    sentAt: '2026-11-21T00:00:01Z',
  };
  expect(only('/v1/track', { ...track, ...times }).occurredAt).toBe(RECEIVED_AT - 1_000);
});

test.each([
  ['without sentAt', { timestamp: '2026-11-21T00:00:00Z' }, Date.UTC(2026, 10, 21)],
  ['without a time', { sentAt: '2026-11-21T00:00:00Z' }, null],
  ['with a time that is none', { timestamp: 'yesterday' }, null],
])('leaves the time %s alone', (_, times, occurredAt) => {
  expect(only('/v1/track', { ...track, ...times }).occurredAt).toBe(occurredAt);
});

test.each([
  ['type', { type: 'delete' }],
  ['event', { event: '' }],
  ['event', { event: undefined }],
  ['event', { event: 5 }],
  ['userId', { anonymousId: undefined }],
  ['anonymousId', { anonymousId: {} }],
  ['anonymousId', { anonymousId: 'a'.repeat(257) }],
  ['anonymousId', { anonymousId: 'a\u0000' }],
  ['messageId', { messageId: ['m'] }],
  ['properties', { properties: 'p' }],
  ['context', { context: [] }],
  ['groupId', { type: 'group' }],
  ['previousId', { type: 'alias' }],
])('refuses a message for its %s, and its neighbours not: %j', (field, change) => {
  const outcome = batch(track, { ...track, ...change }, track);
  expect(outcome.indexes).toEqual([0, 2]);
  expect(rejections(outcome)).toEqual([[1, 'GW_EVENT_SHAPE']]);
  expect(outcome.rejected[0]?.detail.startsWith(`${field}: `)).toBe(true);
});

test('answers success for events that it cannot use, as Segment does', () => {
  expect(answerTo(segmentDialect, wireRequest('/v1/track', {}))).toEqual(OK);
  expect(answerTo(segmentDialect, wireRequest('/v1/batch', { batch: [] }))).toEqual(OK);
});

test('keeps one of two messages with one id', () => {
  const message = { ...track, messageId: 'm' };
  expect(rejections(batch(message, message))).toEqual([[1, 'GW_EVENT_ID_DUPLICATE']]);
});

test.each([
  ['the credentials', { authorization: basic('k') }, {}, ''],
  ['the body', {}, { writeKey: 'k' }, ''],
  [
    'the body when the credentials are empty',
    { authorization: 'Basic Og==' },
    { writeKey: 'k' },
    '',
  ],
  ['the address', {}, {}, 'writeKey=k'],
  ['the credentials first', { authorization: basic('k') }, { writeKey: 'other' }, 'writeKey=third'],
])('finds the write key in %s', (_, headers: Record<string, string>, fields, query) => {
  const request = wireRequest('/v1/batch', { batch: [track], ...fields }, { headers, query });
  const outcome = decoded(segmentDialect, request);
  expect(outcome.writeKey).toBe('k');
  expect(JSON.stringify(outcome.events)).not.toContain('"k"');
});

test('knows no key where there is none', () => {
  expect(batch(track)).not.toHaveProperty('writeKey');
});

test('answers what the browser library asks before it sends', () => {
  expect(segmentDialect.methodsOf('/v1/projects/key_1/settings')).toEqual(['GET']);
  expect(segmentDialect.allowsEmptyBody('/v1/projects/key_1/settings')).toBe(true);
  const { body, status } = answerTo(
    segmentDialect,
    wireRequest('/v1/projects/key_1/settings', '', { method: 'GET' }),
  );
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ integrations: { 'Segment.io': { apiKey: 'key_1' } } });
});

test('answers the metrics of the library itself, and keeps none', () => {
  expect(segmentDialect.decode(wireRequest('/v1/m', { series: [] }))).toEqual({
    kind: 'answered',
    answer: OK,
  });
});

test.each(['/v1/traces', '/v1/logs', '/v1', '/v1/tracks', '/batch', '/v1/projects/a b/settings'])(
  'leaves %s to others',
  (path) => {
    expect(segmentDialect.methodsOf(path)).toBeUndefined();
  },
);

test('refuses what is no batch in words of its own', () => {
  expect(refusalCode(segmentDialect, wireRequest('/v1/batch', {}))).toBe('GW_BODY_SHAPE');
  expect(refusalCode(segmentDialect, wireRequest('/v1/batch', [track]))).toBe('GW_BODY_SHAPE');
  expect(segmentDialect.answerRefusal?.('GW_KEY_UNKNOWN', 'why')).toEqual({
    status: 401,
    headers: OK.headers,
    body: '{"success":false,"code":"GW_KEY_UNKNOWN","message":"why"}',
  });
});

test('refuses a batch whose own context cannot be kept', () => {
  const body = '{"context":{"__proto__":{}},"batch":[]}';
  expect(refusalCode(segmentDialect, wireRequest('/v1/batch', body))).toBe('GW_KEY_FORBIDDEN');
});

test.each([
  ['a time that none can read', { timestamp: 'yesterday' }, ['GW_TIME_UNREADABLE']],
  ['the same beside one that can be read', { originalTimestamp: 'x', timestamp: 1_000 }, undefined],
  ['no time', {}, undefined],
  ['a time of null', { timestamp: null }, undefined],
])('counts of a message that is kept: %s', (_, fields, codes) => {
  const { notes } = only('/v1/track', { ...track, ...fields });
  expect(notes?.map(({ code }) => code)).toEqual(codes);
});

test('refuses a batch with a key around it that poisons objects, and a message with one alone', () => {
  const poison = '"__proto__":{"polluted":true}';
  const message = JSON.stringify(track);
  const around = wireRequest('/v1/batch', `{"batch":[${message}],${poison}}`);
  expect(refusalCode(segmentDialect, around)).toBe('GW_KEY_FORBIDDEN');
  const poisoned = `${message.slice(0, -1)},${poison}}`;
  expect(rejections(read('/v1/track', poisoned))).toEqual([[0, 'GW_KEY_FORBIDDEN']]);
  expect(rejections(read('/v1/batch', `{"batch":[${message},${poisoned}]}`))).toEqual([
    [1, 'GW_KEY_FORBIDDEN'],
  ]);
});
