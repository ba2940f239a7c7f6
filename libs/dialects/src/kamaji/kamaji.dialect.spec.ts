import { expect, test } from 'vitest';
import {
  answerTo,
  decoded,
  readCapture,
  rejections,
  wireRequest,
} from '../../fixtures/wire-request.ts';
import { kamajiDialect } from './kamaji.dialect.ts';

const versions = { kamaji_version: 'v1.0.0', kubernetes_version: 'v1.33.1' };
const stats = {
  uuid: '56279633-3131-436b-b8f2-9008a49a2f12',
  ...versions,
  tenant_control_plane: { running: 7, upgrading: 1, not_ready: 0, sleeping: 2 },
  datastores: { etcd: { count: 1, used_by_count: 8 } },
};
const read = (path: string, body: unknown) => decoded(kamajiDialect, wireRequest(path, body));

test.each(readCapture('kamaji'))(
  'answers $request.path of the real client as its server does',
  ({ request, response }) => {
    expect(kamajiDialect.methodsOf(request.path)).toContain(request.method);
    expect(answerTo(kamajiDialect, request)).toEqual(response);
  },
);

test('reads all four calls of the real client', () => {
  const events = readCapture('kamaji').flatMap(
    ({ request }) => decoded(kamajiDialect, request).events,
  );
  expect(events).toEqual([
    {
      event: 'stats',
      eventId: undefined,
      installationId: '56279633-3131-436b-b8f2-9008a49a2f12',
      occurredAt: null,
      properties: {
        ...versions,
        tenant_control_plane: { running: 7, upgrading: 1, not_ready: 0, sleeping: 2 },
        datastores: {
          etcd: { count: 1, used_by_count: 8 },
          postgres: { count: 1, used_by_count: 2 },
          mysql: { count: 0, used_by_count: 0 },
          nats: { count: 0, used_by_count: 0 },
        },
      },
    },
    call('create', { tcp_version: 'v1.33.0', cluster_api: true, network_profile: 'load_balancer' }),
    call('update', { old_tcp_version: 'v1.32.4', new_tcp_version: 'v1.33.0' }),
    call('delete', { tcp_version: 'v1.33.0', status: 'Ready' }),
  ]);
});

/** The calls beside stats name no installation and have no time. */
function call(event: string, properties: object): object {
  return {
    event,
    eventId: undefined,
    installationId: '',
    occurredAt: null,
    properties: { ...versions, ...properties },
  };
}

test('brings the flat form of the page to the paths of the nested form', () => {
  const { uuid, ...rest } = stats;
  const flat = { uuid, ...versions, running: 7, upgrading: 1, not_ready: 0, sleeping: 2 };
  const nested = { uuid, ...versions, tenant_control_plane: rest.tenant_control_plane };
  expect(read('/stats', flat)).toEqual(read('/stats', nested));
});

test.each([
  ['/create', { tcp_version: 'v1.26.0', ...versions }],
  ['/update', { new_tcp_version: 'v1.27.0', old_tcp_version: 'v1.26.0', ...versions }],
  ['/update', { new_tcp_version: 'v1.27.0', old_tcp_version: '', ...versions }],
  ['/delete', { status: 'Ready', tcp_version: 'v1.27.0', ...versions }],
])('takes the body that the page shows for %s', (path, body) => {
  expect(read(path, body).events[0]?.properties).toEqual(body);
});

test('lets fields pass that it does not know', () => {
  const body = { ...stats, tenant_control_plane: { running: 1, paused: 2 }, region: 'eu' };
  expect(read('/stats', body).events[0]?.properties).toMatchObject({
    region: 'eu',
    tenant_control_plane: { running: 1, paused: 2 },
  });
});

test.each([
  ['uuid', { uuid: '' }],
  ['uuid', { uuid: undefined }],
  ['kamaji_version', { kamaji_version: '' }],
  ['kubernetes_version', { kubernetes_version: 1.33 }],
  ['running', { running: '7' }],
  ['tenant_control_plane.running', { tenant_control_plane: { running: '7' } }],
  ['tenant_control_plane.running', { tenant_control_plane: { running: -1 } }],
  ['datastores.etcd.count', { datastores: { etcd: { count: 1.5 } } }],
  ['datastores.etcd', { datastores: { etcd: 1 } }],
])('refuses stats for its %s and says so: %j', (path, change) => {
  const { events, rejected } = read('/stats', { ...stats, ...change });
  expect(events).toEqual([]);
  expect(rejected).toMatchObject([{ index: 0, code: 'GW_EVENT_SHAPE' }]);
  expect(rejected[0]?.detail.startsWith(`${path}: `)).toBe(true);
});

test('answers problem details when the call was refused', () => {
  const answer = answerTo(kamajiDialect, wireRequest('/create', versions));
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'GW_EVENT_SHAPE', status: 400 });
});

test('refuses a body that is a list', () => {
  expect(rejections(read('/stats', [stats]))).toEqual([[0, 'GW_EVENT_SHAPE']]);
});
