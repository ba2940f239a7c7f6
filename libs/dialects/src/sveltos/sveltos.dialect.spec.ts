import { expect, test } from 'vitest';
import {
  answerTo,
  decoded,
  readCapture,
  refusalCode,
  wireRequest,
} from '../../fixtures/wire-request.ts';
import { sveltosDialect } from './sveltos.dialect.ts';

const report = { uuid: 'b6f7d2a4-0c53-4f0e-8c0d-2f6f1c9b7a31', sveltosVersion: 'v1.14.0' };

test('reads the report of the real controller and answers as it wants', () => {
  const [captured] = readCapture('sveltos-real');
  if (captured === undefined) expect.unreachable();
  const { request, response } = captured;
  expect(sveltosDialect.methodsOf(request.path)).toContain(request.method);
  expect(decoded(sveltosDialect, request).events).toEqual([
    {
      event: 'report',
      eventId: undefined,
      installationId: 'b6f7d2a4-0c53-4f0e-8c0d-2f6f1c9b7a31',
      occurredAt: null,
      properties: {
        sveltosVersion: 'v1.1.1',
        sveltosClusters: 12,
        readySveltosClusters: 11,
        pullSveltosClusters: 3,
        capiClusters: 4,
        clusterProfiles: 9,
        profiles: 2,
        clusterSummaries: 57,
        eventTriggers: 5,
        clusterHealthChecks: 1,
      },
    },
  ]);
  expect(answerTo(sveltosDialect, request)).toEqual(response);
});

test('reads a report after a redirect: chunked, without Content-Type', () => {
  const headers = { 'transfer-encoding': 'chunked' };
  const request = wireRequest('/', report, { method: 'GET', headers });
  expect(decoded(sveltosDialect, request).events).toHaveLength(1);
});

test('lets fields pass that it does not know', () => {
  const [event] = decoded(sveltosDialect, wireRequest('/', { ...report, newCounter: 3 })).events;
  expect(event?.properties).toEqual({ sveltosVersion: 'v1.14.0', newCounter: 3 });
});

test('answers a probe without a body, and stores nothing', () => {
  const outcome = sveltosDialect.decode(wireRequest('/', '', { method: 'GET' }));
  expect(outcome).toMatchObject({ kind: 'answered', answer: { status: 200 } });
});

test('refuses a POST without a body', () => {
  expect(refusalCode(sveltosDialect, wireRequest('/'))).toBe('GW_BODY_EMPTY');
});

test.each([
  ['uuid', { uuid: undefined }],
  ['uuid', { uuid: 7 }],
  ['sveltosVersion', { sveltosVersion: undefined }],
  ['sveltosClusters', { sveltosClusters: '12' }],
  ['profiles', { profiles: -1 }],
  ['kubernetesVersion', { kubernetesVersion: {} }],
])('refuses a report for its %s: %j', (field, change) => {
  const { rejected } = decoded(sveltosDialect, wireRequest('/', { ...report, ...change }));
  expect(rejected).toMatchObject([{ index: 0, code: 'GW_EVENT_SHAPE' }]);
  expect(rejected[0]?.detail.startsWith(`${field}: `)).toBe(true);
});
