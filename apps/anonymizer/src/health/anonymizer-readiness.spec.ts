import type { ConsumerHealth } from '@rollcall/kafka/transport';
import { expect, it } from 'vitest';
import { anonymizerReadiness } from './anonymizer-readiness.ts';

const NOW = 100_000;
const healthy: ConsumerHealth = {
  isJoined: true,
  assigned: [],
  lastProgressAt: NOW,
  oldestBatchAt: undefined,
};

function missing(health: ConsumerHealth, areTopicsKnown = true) {
  const readiness = anonymizerReadiness({
    areTopicsKnown: () => areTopicsKnown,
    consumer: () => health,
    clock: () => NOW,
    stuckAfterMs: 30_000,
  });
  return readiness.filter((one) => one.check() !== undefined).map(({ name }) => name);
}

it('is there when events get through', () => {
  expect(missing(healthy)).toEqual([]);
  expect(missing({ ...healthy, oldestBatchAt: NOW - 30_000 })).toEqual([]);
});

it.each<[string, ConsumerHealth, boolean]>([
  ['topics', healthy, false],
  ['consumer', { ...healthy, isJoined: false }, true],
  ['progress', { ...healthy, oldestBatchAt: NOW - 30_001 }, true],
  ['progress', { ...healthy, stalledSince: NOW - 30_001 }, true],
])('is not there without the %s', (name, health, areTopicsKnown) => {
  expect(missing(health, areTopicsKnown)).toEqual([name]);
});
