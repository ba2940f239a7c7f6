import { expect, test } from 'vitest';
import { ProduceProbe } from './produce-probe.ts';

function createProbe(): {
  probe: ProduceProbe;
  produced: () => number;
  state: { now: number; isAway: boolean };
} {
  const state = { now: 100_000, isAway: false };
  let count = 0;
  const probe = new ProduceProbe(
    () => {
      count += 1;
      return state.isAway ? Promise.reject(new Error('away')) : Promise.resolve();
    },
    () => state.now,
  );
  return { probe, produced: () => count, state };
}

test('produces to know, once for checks that come together', async () => {
  const { probe, produced } = createProbe();
  expect(await Promise.all([probe.check(), probe.check()])).toEqual([undefined, undefined]);
  expect(produced()).toBe(1);
});

test('trusts events that were acknowledged a moment ago, and no longer', async () => {
  const { probe, produced, state } = createProbe();
  probe.acknowledged();
  await probe.check();
  expect(produced()).toBe(0);
  state.now += 5_000;
  await probe.check();
  expect(produced()).toBe(1);
});

test('says that Kafka does not acknowledge, also right after a success', async () => {
  const { probe, state } = createProbe();
  probe.acknowledged();
  probe.failed();
  state.isAway = true;
  expect(await probe.check()).toContain('Kafka');
});
