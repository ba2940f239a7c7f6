import { expect, test } from 'vitest';
import { KINDS, planRun } from './fault-plan.ts';

const HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1);

test('makes the same choices for the same seed and run, also when it begins in the middle', () => {
  expect(planRun(7, 42)).toEqual(planRun(7, 42));
  expect(HUNDRED.map((run) => planRun(7, run))).not.toEqual(HUNDRED.map((run) => planRun(8, run)));
});

test.each([1, 2, 3, 20_261_125])(
  'has every kind several times in 100 runs, with seed %i',
  (seed) => {
    const counts = new Map(Object.keys(KINDS).map((kind) => [kind, 0]));
    for (const { kind } of HUNDRED.flatMap((run) => planRun(seed, run)))
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(3);
  },
);

test('injects one to three faults of bounded length', () => {
  const plans = HUNDRED.map((run) => planRun(1, run));
  expect(new Set(plans.map(({ length }) => length))).toEqual(new Set([1, 2, 3]));
  for (const { kind, lastsMs, delayMs } of plans.flat()) {
    expect(lastsMs).toBeLessThanOrEqual(kind.startsWith('pause') ? 8_000 : 5_000);
    expect(lastsMs).toBeGreaterThanOrEqual(1_000);
    expect(delayMs).toBeGreaterThanOrEqual(50);
  }
});

test('injects one kind alone when it is told to', () => {
  const kinds = HUNDRED.flatMap((run) => planRun(1, run, 'kill sink')).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['kill sink']));
});
