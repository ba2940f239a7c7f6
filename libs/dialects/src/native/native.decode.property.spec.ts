import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFault } from '../event-fault.ts';
import { readNativeEvent } from './native.decode.ts';
import { NativeEventSchema } from './native.schema.ts';

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 260 }),
  fc.constantFrom(
    '',
    'a'.repeat(200),
    'a'.repeat(201),
    '😀'.repeat(256),
    'i'.repeat(257),
    '\ud800',
  ),
);
const timestamps = fc
  .date({ noInvalidDate: true })
  .map((date) => date.toISOString())
  .chain((iso) =>
    fc.constantFrom(
      iso,
      iso.slice(0, -1),
      iso.toLowerCase(),
      `${iso.slice(0, 19)}+02:00`,
      iso.slice(0, 10),
    ),
  );
const odd = fc.oneof(oddText, timestamps, fc.integer(), fc.constant(null), fc.constant(undefined));
const mostly = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 8, arbitrary }, odd);
const event = fc.record(
  {
    event: mostly(fc.constant('install')),
    event_id: mostly(fc.uuid()),
    installation_id: mostly(fc.uuid()),
    occurred_at: mostly(timestamps),
    properties: mostly(fc.dictionary(fc.string(), fc.jsonValue())),
    other: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, odd),
  },
  { requiredKeys: ['event'] },
);

/** Keys and numbers that the hand-written check refuses in addition are no part of what the schema says. */
const isSettled = (value: unknown): boolean => !JSON.stringify(value ?? null).includes('__proto__');

test('the check of the hot path agrees with the documented schema', () => {
  let acceptedCount = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: event }, odd), (candidate) => {
      fc.pre(isSettled(candidate));
      // as it would come from the wire: no undefined
      const sent: unknown = JSON.parse(JSON.stringify(candidate ?? null));
      const isAccepted = NativeEventSchema.safeParse(sent).success;
      if (isAccepted) acceptedCount += 1;
      expect(!isFault(readNativeEvent(sent, 24))).toBe(isAccepted);
    }),
    { numRuns: 2_000 },
  );
  expect(acceptedCount).toBeGreaterThan(50);
});

test('an accepted event survives being written as UTF-8 and read again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (properties) => {
      const read = readNativeEvent(JSON.parse(JSON.stringify({ event: 'a', properties })), 24);
      if (isFault(read)) return;
      const line = Buffer.from(JSON.stringify(read)).toString('utf8');
      expect(JSON.parse(line)).toMatchObject({ properties: read.properties });
      expect(line).not.toMatch(/\\ud[89a-f]/i);
    }),
  );
});
