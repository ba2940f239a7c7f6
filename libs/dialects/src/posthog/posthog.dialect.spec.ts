import { gzipSync } from 'node:zlib';
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
import { posthogDialect } from './posthog.dialect.ts';

const KEY = 'phc_test';
const event = { event: 'install', distinct_id: 'd-1', properties: { version: '1.2.3' } };
const envelope = { api_key: KEY, batch: [event] };
const OK = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"status":"Ok"}',
};
const FLAGS =
  '{"featureFlags":{},"featureFlagPayloads":{},"flags":{},"errorsWhileComputingFlags":false}';

const read = (body: unknown, query = '') =>
  decoded(posthogDialect, wireRequest('/batch', body, { query }));
const only = (fields: object) =>
  read({ api_key: KEY, batch: [fields] }).events[0] ?? expect.unreachable();
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

test('reads what Glasskube sends, and answers as PostHog does', () => {
  const [captured] = readCapture('glasskube');
  if (captured === undefined) expect.unreachable();
  const outcome = decoded(posthogDialect, captured.request);
  expect(outcome.writeKey).toBe('phc_glasskube_test');
  expect(outcome.rejected).toEqual([]);
  expect(outcome.events.map(({ event }) => event)).toEqual([
    'bootstrap_attempt',
    'install',
    'ui_endpoint',
    '$set',
    'operator_started',
    'status_conditions_changed',
    'reconcile_package',
  ]);
  expect(outcome.events[4]).toEqual({
    event: 'operator_started',
    eventId: undefined,
    installationId: 'c0a8d4e2-9f3b-4dee-8c90-0242ac120002',
    occurredAt: Date.parse('2026-11-21T01:01:13.886Z'),
    properties: {
      $lib: 'posthog-go',
      $lib_version: '1.5.2',
      $set: {
        custom_default_repo: false,
        gitops_mode: false,
        k8s_version: 'v1.31.4',
        nnodes: 3,
        nrepositories: 1,
        nrepositories_auth: 0,
        provider: 'kind',
        version: '0.26.1',
      },
      $set_once: { initial_version: '0.26.1', type: 'operator' },
    },
  });
  expect(answerTo(posthogDialect, captured.request)).toEqual(captured.response);
});

test('reads every call of posthog-go, and tells it that there are no flags', () => {
  const [flags, capture] = readCapture('posthog-go');
  if (flags === undefined || capture === undefined) expect.unreachable();
  expect(answerTo(posthogDialect, flags.request)).toEqual({ ...OK, body: FLAGS });
  expect(answerTo(posthogDialect, capture.request)).toEqual(capture.response);
  const { events } = decoded(posthogDialect, capture.request);
  expect(events.map(({ event, installationId }) => [event, installationId])).toEqual([
    ['install', 'user-1'],
    ['$identify', 'user-1'],
    ['$groupidentify', '$company_acme'],
    ['$create_alias', 'user-1'],
    ['$feature_flag_called', 'user-1'],
  ]);
  expect(events[1]?.properties['$set']).toEqual({ email: 'jane@example.org' });
  expect(events[3]?.properties).not.toHaveProperty('distinct_id');
});

test.each(['/batch', '/capture', '/e', '/i/v0/e', '/track', '/engage'])(
  'takes events at %s',
  (path) => {
    expect(posthogDialect.methodsOf(path)).toEqual(['GET', 'POST']);
    expect(decoded(posthogDialect, wireRequest(path, envelope)).events).toHaveLength(1);
  },
);

test.each([
  ['an envelope', envelope],
  ['one event', { ...event, api_key: KEY }],
  ['the queue of an old browser', [{ ...event, properties: { token: KEY } }]],
  ['an event with $-names', { event: 'a', $token: KEY, $distinct_id: 'd-1' }],
])('reads %s, with its key', (_, body) => {
  const outcome = read(body);
  expect(outcome.events).toMatchObject([{ installationId: 'd-1' }]);
  expect(outcome.writeKey).toBe(KEY);
  expect(JSON.stringify(outcome.events)).not.toContain(KEY);
});

const text = JSON.stringify(envelope);
const LZ64 = 'N4IgpgbmB2AuIC4QEtoGdYEMA22QF8g=';
test.each([
  ['plain', text, ''],
  ['plain, where gzip was announced and already taken off', text, 'compression=gzip'],
  ['gzip without a word', gzipSync(text), ''],
  ['gzip-js', gzipSync(text), 'compression=gzip-js'],
  ['base64', base64(text), ''],
  ['base64 of gzip', base64(gzipSync(text)), 'compression=gzip-js'],
  ['base64 of percent-encoded text', base64(encodeURIComponent(text)), 'compression=base64'],
  ['a form with JSON', `data=${encodeURIComponent(text)}`, ''],
  ['a form with base64', `data=${encodeURIComponent(base64(text))}`, 'compression=base64'],
  ['a form with base64 that was not escaped', `data=${base64(text)}`, 'compression=base64'],
  [
    'a form that names its compression',
    `compression=base64&data=${encodeURIComponent(base64(text))}`,
    '',
  ],
  ['text with blanks around it', `\n ${text}\n`, ''],
])('reads %s', (_, body, query) => {
  expect(read(body, query).events).toMatchObject([{ event: 'install' }]);
});

test('reads the data of a GET', () => {
  const query = new URLSearchParams({ data: base64(text), compression: 'base64' }).toString();
  const request = wireRequest('/e', '', { method: 'GET', query });
  expect(decoded(posthogDialect, request).events).toHaveLength(1);
});

test.each([`data=${encodeURIComponent(LZ64)}`, LZ64])('reads lz64 in %s', (body) => {
  const request = wireRequest('/e', body, { query: 'compression=lz64' });
  expect(rejections(decoded(posthogDialect, request))).toEqual([[0, 'GW_EVENT_SHAPE']]);
});

test.each([
  ['gzip', gzipSync(Buffer.alloc(3_000_000)), ''],
  ['gzip in base64', base64(gzipSync(Buffer.alloc(3_000_000))), ''],
])('stops a bomb of %s at the cap', (_, body, query) => {
  expect(refusalCode(posthogDialect, wireRequest('/e', body, { query }))).toBe('GW_BODY_TOO_LARGE');
});

test.each([
  ['', 'GW_BODY_EMPTY'],
  ['data=', 'GW_BODY_EMPTY'],
  ['hello', 'GW_BODY_NOT_JSON'],
  ['hello world!', 'GW_BODY_NOT_JSON'],
  ['data=%', 'GW_BODY_NOT_JSON'],
  [base64('{oops'), 'GW_BODY_NOT_JSON'],
  [base64('%7B%ff'), 'GW_BODY_NOT_UTF8'],
  ['{"batch":{}}', 'GW_BODY_SHAPE'],
  ['{"batch":[]}', 'GW_BODY_SHAPE'],
  ['[]', 'GW_BODY_SHAPE'],
])('refuses the body %j with %s', (body, code) => {
  expect(refusalCode(posthogDialect, wireRequest('/e', body))).toBe(code);
});

test.each([
  [{ distinct_id: 'a' }, 'a'],
  [{ distinct_id: undefined, properties: { distinct_id: 'b' } }, 'b'],
  [{ distinct_id: '', $distinct_id: 'c' }, 'c'],
  [{ distinct_id: 42 }, '42'],
  [
    { distinct_id: 'fallback-id-7-open /etc/machine-id:\nno such file' },
    'fallback-id-7-open /etc/machine-id:no such file',
  ],
  [{ distinct_id: 'x'.repeat(300) }, 'x'.repeat(200)],
])('finds the distinct id of %j', (fields, id) => {
  expect(only({ ...event, ...fields }).installationId).toBe(id);
});

test('takes an empty uuid for none', () => {
  expect(only({ ...event, uuid: '' }).eventId).toBeUndefined();
  expect(only({ ...event, uuid: 'u-1' }).eventId).toBe('u-1');
});

test('moves $set and $set_once into the properties, whose own facts win', () => {
  const { properties } = only({
    ...event,
    $set: { a: 1, b: 1 },
    $set_once: { c: 3 },
    properties: { $set: { b: 2 } },
  });
  expect(properties).toEqual({ $set: { a: 1, b: 2 }, $set_once: { c: 3 } });
});

test('keeps a property named token that is not the key', () => {
  expect(only({ ...event, properties: { token: 'newline' } }).properties).toEqual({
    token: 'newline',
  });
});

const TIMED = { timestamp: '2019-01-01T00:00:00Z' };
const SENT = { sent_at: '2019-01-01T00:00:09Z' };

test.each([
  ['timestamp alone', { batch: [{ ...event, ...TIMED }] }, Date.UTC(2019, 0, 1)],
  ['timestamp and sent_at', { ...SENT, batch: [{ ...event, ...TIMED }] }, RECEIVED_AT - 9_000],
  ['offset', { ...SENT, batch: [{ ...event, offset: 3_000 }] }, RECEIVED_AT - 3_000],
  ['an offset that is none', { batch: [{ ...event, offset: -5 }] }, null],
  ['an offset beyond all time', { batch: [{ ...event, offset: 1e300 }] }, null],
  ['nothing', { ...SENT, batch: [event] }, null],
])('knows the time from %s', (_, body, occurredAt) => {
  expect(read(body).events[0]?.occurredAt).toBe(occurredAt);
});

test.each(['ip=1&_', 'ip=1&sent_at'])('takes the time of sending from the address: %s', (query) => {
  const sentAt = Date.UTC(2019, 0, 1) + 9_000;
  const [first] = read({ ...event, ...TIMED }, `${query}=${sentAt}`).events;
  expect(first?.occurredAt).toBe(RECEIVED_AT - 9_000);
});

test.each([
  ['event', { event: '' }],
  ['event', { event: undefined }],
  ['event', { event: { a: 1 } }],
  ['distinct_id', { distinct_id: undefined }],
  ['distinct_id', { distinct_id: { a: 1 } }],
  ['distinct_id', { distinct_id: ' \n' }],
  ['properties', { properties: [1] }],
  ['uuid', { uuid: 7 }],
])('refuses an event for its %s, and its neighbours not: %j', (field, change) => {
  const outcome = read({ api_key: KEY, batch: [event, { ...event, ...change }, null, event] });
  expect(outcome.indexes).toEqual([0, 3]);
  expect(rejections(outcome)).toEqual([
    [1, 'GW_EVENT_SHAPE'],
    [2, 'GW_EVENT_SHAPE'],
  ]);
  expect(outcome.rejected[0]?.detail.startsWith(`${field}: `)).toBe(true);
});

test('refuses an event with the key of another project, when events carry the keys', () => {
  const other = { ...event, properties: { token: 'phc_other' } };
  const outcome = read([{ ...event, properties: { token: KEY } }, other]);
  expect(rejections(outcome)).toEqual([[1, 'GW_KEY_UNKNOWN']]);
});

test('names an update of /engage that has no name', () => {
  const update = { token: KEY, distinct_id: 'd-1', $set: { plan: 'oss' } };
  expect(decoded(posthogDialect, wireRequest('/engage', update)).events).toMatchObject([
    { event: '$identify', properties: { $set: { plan: 'oss' } } },
  ]);
});

test('answers 400 when nothing was an event, and 200 when the catalogue alone was against it', () => {
  const request = wireRequest('/batch', envelope);
  const refusedFor = (code: 'GW_EVENT_SHAPE' | 'GW_EVENT_UNKNOWN') =>
    posthogDialect.answer(
      { acceptedCount: 0, rejected: [{ index: 0, code, detail: 'd' }] },
      request,
    );
  expect(refusedFor('GW_EVENT_SHAPE').status).toBe(400);
  expect(refusedFor('GW_EVENT_UNKNOWN')).toEqual(OK);
});

test('refuses session recordings whole, with a status that no browser repeats', () => {
  expect(refusalCode(posthogDialect, wireRequest('/s', gzipSync('[]')))).toBe('GW_NOT_COLLECTED');
  expect(posthogDialect.answerRefusal?.('GW_NOT_COLLECTED', 'd')?.status).toBe(400);
});

test('answers a key that is not known in PostHog’s form', () => {
  expect(posthogDialect.answerRefusal?.('GW_KEY_UNKNOWN', 'why')).toEqual({
    status: 401,
    headers: OK.headers,
    body: '{"type":"authentication_error","code":"GW_KEY_UNKNOWN","detail":"why","attr":null}',
  });
});

const CONFIG =
  '{"supportedCompression":["gzip","gzip-js"],"hasFeatureFlags":false,"autocapture_opt_out":true,' +
  '"capturePerformance":false,"sessionRecording":false,"heatmaps":false,"siteApps":[]}';

test.each([
  ['/flags', '', FLAGS],
  ['/flags', 'v=2&config=true', `${CONFIG.slice(0, -1)},${FLAGS.slice(1)}`],
  ['/decide', 'v=3', `${CONFIG.slice(0, -1)},${FLAGS.slice(1)}`],
  ['/array/phc_test/config', '', CONFIG],
  ['/array/phc_test/config.js', '', ''],
  ['/api/surveys', '', '{"surveys":[]}'],
])('answers %s?%s as a server without features', (path, query, body) => {
  expect(posthogDialect.methodsOf(path)).toContain('GET');
  expect(posthogDialect.allowsEmptyBody(path)).toBe(true);
  const answer = answerTo(posthogDialect, wireRequest(path, '', { method: 'GET', query }));
  expect(answer).toMatchObject({ status: 200, body });
});

test.each([
  '/static/recorder.js',
  '/array/phc_test/array.js',
  '/',
  '/v1/batch',
  '/flags/definitions',
])('has no answer to %s', (path) => {
  expect(posthogDialect.methodsOf(path)).toBeUndefined();
});

const v1 = (
  batch: unknown[],
  headers: Record<string, string> = { authorization: `Bearer ${KEY}` },
) =>
  wireRequest('/i/v1/analytics/events', { created_at: '2026-11-21T00:00:00Z', batch }, { headers });

test('answers capture V1 event by event', () => {
  const events = [
    { ...event, uuid: 'u-1' },
    { ...event, uuid: 'u-2', event: '' },
    { ...event, uuid: 'u-1' },
  ];
  expect(decoded(posthogDialect, v1(events)).writeKey).toBe(KEY);
  expect(JSON.parse(answerTo(posthogDialect, v1(events)).body)).toEqual({
    results: {
      'u-1': { result: 'ok' },
      'u-2': { result: 'drop', details: 'The event does not have the required shape' },
    },
  });
});

test('says what the gateway refused of capture V1 later on', () => {
  const outcome = decoded(posthogDialect, v1([{ ...event, uuid: 'u-1' }]));
  const rejected = [{ index: 0, code: 'GW_EVENT_UNKNOWN', detail: '' }] as const;
  const answer = outcome.answer?.({ acceptedCount: 0, rejected }) ?? expect.unreachable();
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ results: { 'u-1': { result: 'drop' } } });
});

test.each([
  ['posthog-node/5.70.0', { $lib: 'posthog-node', $lib_version: '5.70.0', version: '1.2.3' }],
  ['posthog-node', { version: '1.2.3' }],
  ['a b/1', { version: '1.2.3' }],
])('takes the library of capture V1 from its header: %s', (info, properties) => {
  const headers = { authorization: `Bearer ${KEY}`, 'posthog-sdk-info': info };
  expect(decoded(posthogDialect, v1([event], headers)).events[0]?.properties).toEqual(properties);
});

test('reads the session of capture V1 where older libraries had it, and the time that it was sent', () => {
  const headers = {
    authorization: `Bearer ${KEY}`,
    'posthog-request-timestamp': '2026-11-21T00:00:20Z',
  };
  const sent = {
    ...event,
    timestamp: '2026-11-21T00:00:00Z',
    session_id: 's',
    window_id: 'w',
    options: {},
  };
  const [first] = decoded(posthogDialect, v1([sent], headers)).events;
  expect(first?.properties).toMatchObject({ $session_id: 's', $window_id: 'w' });
  expect(first?.occurredAt).toBe(RECEIVED_AT - 20_000);
});

test.each([
  ['an id over the limit', { distinct_id: 'x'.repeat(201) }, ['GW_ID_CHANGED']],
  ['an id with a line end', { distinct_id: 'a\nb' }, ['GW_ID_CHANGED']],
  ['an id that is a number', { distinct_id: 42 }, undefined],
  ['a time that none can read', { timestamp: 'yesterday' }, ['GW_TIME_UNREADABLE']],
  ['an offset that is none', { offset: -5 }, ['GW_TIME_UNREADABLE']],
  ['the same beside an offset', { timestamp: 'yesterday', offset: 5 }, undefined],
  ['both', { distinct_id: ' a', timestamp: {} }, ['GW_ID_CHANGED', 'GW_TIME_UNREADABLE']],
  ['no time', {}, undefined],
])('counts of an event that is kept: %s', (_, fields, codes) => {
  expect(only({ ...event, ...fields }).notes?.map(({ code }) => code)).toEqual(codes);
});

test('refuses a batch with a key around it that poisons objects, and an event with one alone', () => {
  const poison = '"__proto__":{"polluted":true}';
  const around = `{"api_key":"${KEY}","batch":[${JSON.stringify(event)}],${poison}}`;
  expect(refusalCode(posthogDialect, wireRequest('/batch', around))).toBe('GW_KEY_FORBIDDEN');
  const alone = `{"api_key":"${KEY}",${JSON.stringify(event).slice(1, -1)},${poison}}`;
  expect(rejections(read(alone))).toEqual([[0, 'GW_KEY_FORBIDDEN']]);
});
