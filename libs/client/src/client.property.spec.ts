import fc from 'fast-check';
import { expect, test } from 'vitest';
import { surroundings } from '../fixtures/surroundings.ts';
import { createClientIn } from './client.ts';
import type { ClientOptions } from './options.ts';
import type { ClientTransport, Surroundings } from './ports.ts';

const OPTIONS: ClientOptions = { endpoint: 'http://127.0.0.1:1', project: 'kusk' };
const RUNS = { numRuns: 300 };

const mischief = (): never => {
  throw new Error('mischief');
};

/** Makes a value. Values that cannot bear to be looked at are made late: the generator looks at what it generates. */
type Make = () => unknown;

const HOSTILE: readonly Make[] = [
  function cycle() {
    const object: Record<string, unknown> = {};
    object['self'] = { object };
    return object;
  },
  function throwingGetter() {
    return Object.defineProperty({ fine: 1 }, 'trap', { enumerable: true, get: mischief });
  },
  function throwingProxy() {
    return new Proxy({}, { ownKeys: mischief, get: mischief, getPrototypeOf: mischief });
  },
  function revokedProxy() {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  function endlessProxy(): unknown {
    const ownKeys = (): string[] => ['x', 'y'];
    const getOwnPropertyDescriptor = () => ({ enumerable: true, configurable: true });
    const get = (_: object, key: string | symbol): unknown =>
      key === 'x' || key === 'y' ? endlessProxy() : undefined;
    return new Proxy({}, { ownKeys, getOwnPropertyDescriptor, get });
  },
  function endlessToJson(): unknown {
    return { toJSON: endlessToJson };
  },
  function bushOfTwins() {
    return Array.from({ length: 40 }).reduce<unknown>((inner) => [inner, inner], 'x');
  },
  () => ({ toJSON: mischief }),
  () => ({ toJSON: () => 10n ** 400n }),
  () => new Date(NaN),
  () => new Uint8Array(10_000_000),
  () => Buffer.alloc(10_000_000),
  () => new Array<number>(1_000_000_000),
  () => 'x'.repeat(100_000_000),
  () => 2n ** 100_000n,
  () => Symbol('s'),
  () => mischief,
  () => JSON.parse('{"__proto__":{"polluted":1}}') as unknown,
];

const plain = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});
const leaf: fc.Arbitrary<Make> = fc.oneof(
  plain.map((value) => () => value),
  fc.constantFrom(...HOSTILE),
);
const anything: fc.Arbitrary<Make> = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 4 }).map((makes) => () => makes.map((make) => make())),
  fc
    .array(fc.tuple(fc.string({ unit: 'binary' }), leaf), { maxLength: 6 })
    .map((fields) => () => Object.fromEntries(fields.map(([key, make]) => [key, make()]))),
);

test('capture never throws, and what it sends can be read, whatever it is given', async () => {
  const property = fc.asyncProperty(anything, anything, async (event, properties) => {
    const bodies: string[] = [];
    const send: ClientTransport['send'] = async ({ body }) => {
      bodies.push(body);
      return { status: 200, retryAfter: undefined, body: '' };
    };
    const telemetry = createClientIn(OPTIONS, () => surroundings({ transport: { send } }));
    telemetry.capture('known', properties() as never);
    telemetry.capture(event() as never, properties() as never);
    telemetry.preview(event() as never, properties() as never);
    await telemetry.close({ timeoutMs: 1_000 });
    const { sent, dropped } = telemetry.status();
    expect(sent + dropped).toBe(2);
    for (const body of bodies) {
      expect(body).not.toContain('"__proto__":');
      for (const { properties: kept } of JSON.parse(body) as { properties: unknown }[])
        expect(kept).toBeTypeOf('object');
    }
  });
  await fc.assert(property, RUNS);
}, 20_000);

/** What a function that a project brought along may do instead of what it should. */
const deed: fc.Arbitrary<Make> = fc.oneof(
  fc.constantFrom<Make>(
    mischief,
    () => Promise.reject(new Error('mischief')),
    () => new Promise(() => {}),
    () => ({ then: mischief }),
    () => ({ status: 200, retryAfter: 7, body: null }),
    () => ({ status: '200', retryAfter: mischief, body: {} }),
  ),
  anything,
);

/** As what runs in a program without types would bring along. */
const bad = fc
  .record({ read: deed, write: deed, send: deed, close: deed, print: deed })
  .chain(({ read, write, send, close, print }) =>
    fc.constantFrom<object>(
      { storage: { read, write } },
      { transport: { send, close } },
      { storage: { read, write }, transport: { send: async () => send(), close } },
      { print },
      { storage: { read, write }, print },
      { randomUuid: mischief },
    ),
  );

test('no method throws or rejects, whatever storage, transport and printer do', async () => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): unknown => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  const property = fc.asyncProperty(bad, async (given: Partial<Surroundings>) => {
    const options = { ...OPTIONS, limits: { requestTimeoutMs: 5 } };
    const telemetry = createClientIn(options, () => surroundings(given));
    telemetry.notice();
    telemetry.capture('a');
    telemetry.preview('a');
    await telemetry.flush({ timeoutMs: 5 });
    await telemetry.dryRun('a');
    const { disable, enable, reset } = telemetry;
    for (const choose of [disable, enable, reset]) expect(choose()).toBeTypeOf('boolean');
    expect(telemetry.status().explanation).toBeTypeOf('string');
    telemetry.capture('b');
    await telemetry.close({ timeoutMs: 5 });
  });
  await fc.assert(property, { ...RUNS, numRuns: 200 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
}, 20_000);
