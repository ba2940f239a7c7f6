import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  answerTo,
  decoded,
  readCapture,
  refusalCode,
  rejections,
  wireRequest,
} from '../../fixtures/wire-request.ts';
import { cozystackDialect } from './cozystack.dialect.ts';

const CLUSTER = '3f2a1c9e-7b64-4d0a-9a1e-5c8d2f7b6e10';
const headers = { 'x-cluster-id': CLUSTER };
const push = (body: unknown, sent: Record<string, string> = headers) =>
  wireRequest('/', body, { headers: sent });
const read = (body: unknown) => decoded(cozystackDialect, push(body));

test.each(readCapture('cozystack-real'))(
  'answers push $request.body.length exactly 200, empty',
  ({ request, response }) => {
    expect(cozystackDialect.methodsOf(request.path)).toContain(request.method);
    expect(answerTo(cozystackDialect, request)).toEqual(response);
  },
);

test('reads a push of the real operator into one event with its samples', () => {
  const request = readCapture('cozystack-real')[2]?.request ?? expect.unreachable();
  expect(decoded(cozystackDialect, request).events).toEqual([
    {
      event: 'metrics',
      eventId: undefined,
      installationId: CLUSTER,
      occurredAt: null,
      properties: {},
      samples: [
        sample('cozy_cluster_info', { cozystack_version: 'dev', kubernetes_version: 'v1.33.3' }, 1),
        sample('cozy_nodes_count', { os: 'linux (Talos (v1.10.5))', kernel: '6.12.35-talos' }, 2),
        sample(
          'cozy_nodes_count',
          { os: 'linux (Ubuntu 24.04.2 LTS)', kernel: '6.8.0-63-generic' },
          1,
        ),
        sample('cozy_cluster_capacity', { resource: 'cpu' }, 40),
        sample('cozy_cluster_capacity', { resource: 'memory' }, 171798691840),
        sample('cozy_cluster_capacity', { resource: 'nvidia.com/gpu' }, 3),
        sample('cozy_loadbalancers_count', {}, 1),
        sample('cozy_pvs_count', { driver: 'linstor.csi.linbit.com', size: '10Gi' }, 1),
        sample('cozy_pvs_count', { driver: 'linstor.csi.linbit.com', size: '250Gi' }, 1),
        sample('cozy_package_info', { name: 'cozystack.cozystack-engine', variant: 'default' }, 1),
      ],
    },
  ]);
});

function sample(name: string, labels: object, value: number): object {
  return { name, labels, value };
}

test('keeps the good lines of a push and names the bad ones by number', () => {
  const outcome = read('a 1\nb{os="say "hi""} 1\n\nc NaN\na 2\n');
  expect(outcome.events[0]?.samples).toEqual([sample('a', {}, 1), sample('a', {}, 2)]);
  expect(rejections(outcome)).toEqual([
    [1, 'GW_EVENT_SHAPE'],
    [3, 'GW_EVENT_SHAPE'],
  ]);
  expect(answerTo(cozystackDialect, push('a 1\nb'))).toEqual({
    status: 200,
    headers: {},
    body: '',
  });
});

test('believes no cluster id that the text holds, and counts each that it leaves out', () => {
  const line = 'a{cluster_id="victim",x="1"} 1\n';
  const [event] = read(line + line).events;
  expect(event?.installationId).toBe(CLUSTER);
  expect(event?.samples).toEqual([sample('a', { x: '1' }, 1), sample('a', { x: '1' }, 1)]);
  const note = { code: 'GW_LABEL_DROPPED', path: 'cluster_id' };
  expect(event?.notes).toEqual([note, note]);
  expect(read('a{x="1"} 1').events[0]?.notes).toBeUndefined();
});

test('loses only the line that is not UTF-8', () => {
  const body = Buffer.concat([
    Buffer.from('a 1\nb{x="'),
    Buffer.from([0xff]),
    Buffer.from('"} 1\r\nc 1\r\n'),
  ]);
  const outcome = read(body);
  expect(outcome.events[0]?.samples).toEqual([sample('a', {}, 1), sample('c', {}, 1)]);
  expect(rejections(outcome)).toEqual([[1, 'GW_BODY_NOT_UTF8']]);
});

test.each([undefined, '', 'a b', 'a,b', 'a/b', 'x'.repeat(254)])(
  'refuses the cluster id %j',
  (id) => {
    const request = push('a 1', id === undefined ? {} : { 'x-cluster-id': id });
    expect(refusalCode(cozystackDialect, request)).toBe('GW_EVENT_SHAPE');
  },
);

test('refuses a push in which no line can be read', () => {
  expect(answerTo(cozystackDialect, push('{"event":"install"}\n')).status).toBe(400);
});

test('refuses a push of comments, and one of too many lines', () => {
  expect(refusalCode(cozystackDialect, push('# nothing\n\n'))).toBe('GW_BODY_EMPTY');
  expect(refusalCode(cozystackDialect, push('a 1\n'.repeat(20_001)))).toBe('GW_TOO_MANY_EVENTS');
  const notText = Buffer.concat([Buffer.from('a 1\n'.repeat(20_001)), Buffer.from([0xff])]);
  expect(refusalCode(cozystackDialect, push(notText))).toBe('GW_TOO_MANY_EVENTS');
});

test('reads gzip that no header speaks of, up to the cap', () => {
  expect(read(gzipSync('a 1\n')).events).toHaveLength(1);
  expect(refusalCode(cozystackDialect, push(gzipSync(Buffer.alloc(9_000_000))))).toBe(
    'GW_BODY_TOO_LARGE',
  );
});
