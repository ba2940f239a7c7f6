import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  answerTo,
  decoded,
  refusalCode,
  rejections,
  wireRequest,
} from '../../fixtures/wire-request.ts';
import { nativeDialect } from './native.dialect.ts';

const full = {
  event: 'install',
  event_id: 'e-1',
  installation_id: 'i-1',
  occurred_at: '2026-11-21T01:01:13.886212483+01:00',
  properties: { version: '1.2.3', nodes: 3 },
};
const read = (body: unknown) => decoded(nativeDialect, wireRequest('/events', body));
const names = (body: unknown) => read(body).events.map(({ event }) => event);

test('takes POST to /events only', () => {
  expect(nativeDialect.methodsOf('/events')).toEqual(['POST']);
  expect(nativeDialect.methodsOf('/event')).toBeUndefined();
});

test('reads an event with everything an event may have', () => {
  expect(read(full).events).toEqual([
    {
      event: 'install',
      eventId: 'e-1',
      installationId: 'i-1',
      occurredAt: Date.parse('2026-11-21T00:01:13.886Z'),
      properties: { version: '1.2.3', nodes: 3 },
    },
  ]);
});

test('reads an event with nothing but a name', () => {
  expect(read({ event: 'install' }).events).toEqual([
    { event: 'install', eventId: undefined, installationId: '', occurredAt: null, properties: {} },
  ]);
});

test('reads an array', () => {
  expect(names([{ event: 'a' }, { event: 'b' }])).toEqual(['a', 'b']);
});

test.each([
  ['lines', '{"event":"a"}\n{"event":"b"}'],
  ['lines that end in CR LF, with blank ones between', '{"event":"a"}\r\n\r\n{"event":"b"}\r\n'],
])('reads %s', (_, body) => {
  expect(names(body)).toEqual(['a', 'b']);
});

test('reads one event that is spread over lines', () => {
  expect(names('{\n  "event": "a",\n  "properties": {}\n}\n')).toEqual(['a']);
});

test.each(['{"event":"a"}\n{oops\n{"event":"b"}', '{oops\n{"event":"a"}\n{"event":"b"}'])(
  'refuses the broken line of %j and no other',
  (body) => {
    expect(names(body)).toEqual(['a', 'b']);
    expect(read(body).rejected.map(({ code }) => code)).toEqual(['GW_BODY_NOT_JSON']);
  },
);

test('takes lines for lines when the client says so', () => {
  const headers = { 'content-type': 'application/x-ndjson' };
  const request = wireRequest('/events', '{oops\n{oops\n{"event":"a"}', { headers });
  expect(decoded(nativeDialect, request).indexes).toEqual([2]);
});

test('reads gzip that no header speaks of', () => {
  expect(names(gzipSync(JSON.stringify(full)))).toEqual(['install']);
});

test('keeps the good events of a request and names the bad ones by index', () => {
  const outcome = read([full, { event: '' }, 5, { event: 'b', event_id: 'e-2' }, null]);
  expect(outcome.indexes).toEqual([0, 3]);
  expect(rejections(outcome)).toEqual([
    [1, 'GW_EVENT_SHAPE'],
    [2, 'GW_EVENT_SHAPE'],
    [4, 'GW_EVENT_SHAPE'],
  ]);
});

test('keeps the first of several events with one id', () => {
  const outcome = read([full, { ...full, event: 'again' }, { event: 'other' }]);
  expect(outcome.events.map(({ event }) => event)).toEqual(['install', 'other']);
  expect(rejections(outcome)).toEqual([[1, 'GW_EVENT_ID_DUPLICATE']]);
});

test('does not let a refused event take an id from a good one', () => {
  expect(read([{ ...full, event: '' }, full]).indexes).toEqual([1]);
});

test.each([
  ['event', { event: 1 }],
  ['event', { event: 'a\u0000b' }],
  ['event', { event: 'a'.repeat(201) }],
  ['event_id', { event_id: '' }],
  ['event_id', { event_id: null }],
  ['installation_id', { installation_id: 'i'.repeat(257) }],
  ['installation_id', { installation_id: 'i\ud800' }],
  ['occurred_at', { occurred_at: '2026-02-30T00:00:00Z' }],
  ['occurred_at', { occurred_at: '2026-11-21T00:00:00' }],
  ['occurred_at', { occurred_at: 1_795_222_873_886 }],
  ['properties', { properties: [] }],
  ['properties', { properties: null }],
  ['userId', { userId: 'u' }],
])('refuses an event for its %s and says so without the value: %j', (field, change) => {
  const [rejection] = read([{ ...full, ...change }]).rejected;
  expect(rejection?.code).toBe('GW_EVENT_SHAPE');
  expect(rejection?.detail).toMatch(new RegExp(`^${field}: `));
});

test('answers 200 with counts when something was accepted', () => {
  const answer = answerTo(nativeDialect, wireRequest('/events', [full, { event: 1 }]));
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({
    accepted: 1,
    rejected: [
      { index: 1, code: 'GW_EVENT_SHAPE', detail: 'event: must be text of 1 to 200 characters' },
    ],
  });
});

test('answers 400 problem details with the same members when nothing was', () => {
  const answer = answerTo(nativeDialect, wireRequest('/events', [{ event: 1 }]));
  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({
    status: 400,
    code: 'GW_EVENT_SHAPE',
    accepted: 0,
    rejected: [{ index: 0, code: 'GW_EVENT_SHAPE' }],
  });
});

test('answers 200 when nothing was sent for being refused, as after an opt-out', () => {
  const answer = nativeDialect.answer({ acceptedCount: 0, rejected: [] }, wireRequest('/events'));
  expect(answer).toMatchObject({ status: 200, body: '{"accepted":0,"rejected":[]}' });
});

test('refuses a request without an event, and one with too many', () => {
  expect(refusalCode(nativeDialect, wireRequest('/events', []))).toBe('GW_BODY_SHAPE');
  expect(refusalCode(nativeDialect, wireRequest('/events', ' \n '))).toBe('GW_BODY_NOT_JSON');
  const many = Array.from({ length: 101 }, () => ({ event: 'a' }));
  expect(refusalCode(nativeDialect, wireRequest('/events', many))).toBe('GW_TOO_MANY_EVENTS');
});

test.each([
  { 'x-write-key': 'k' },
  { authorization: 'Bearer k' },
  { authorization: `Basic ${Buffer.from('k:').toString('base64')}` },
])('finds the write key in %o', (headers) => {
  expect(decoded(nativeDialect, wireRequest('/events', full, { headers })).writeKey).toBe('k');
});
