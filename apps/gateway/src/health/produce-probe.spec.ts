import { expect, test } from 'vitest';
import { ProduceProbe } from './produce-probe.ts';

function createProbe(): {
  probe: ProduceProbe;
  produced: () => number;
  state: { now: number; isAway: boolean; isSpooling: boolean };
} {
  const state = { now: 100_000, isAway: false, isSpooling: false };
  let count = 0;
  const probe = new ProduceProbe({
    produce: () => {
      count += 1;
      return state.isAway ? Promise.reject(new Error('away')) : Promise.resolve();
    },
    isSpooling: () => state.isSpooling,
    clock: () => state.now,
  });
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

test('is ready while the spool takes what Kafka does not, and says so', async () => {
  const { probe, produced, state } = createProbe();
  expect(probe.note()).toBeUndefined();
  Object.assign(state, { isAway: true, isSpooling: true });
  expect(await probe.check()).toBeUndefined();
  expect(produced()).toBe(0);
  expect(probe.note()).toContain('spooling');
  state.isSpooling = false;
  expect(await probe.check()).toContain('Kafka');
});
