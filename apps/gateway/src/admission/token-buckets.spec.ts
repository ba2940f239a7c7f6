import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

function create(maxKeys = 100): { buckets: TokenBuckets; passMs: (ms: number) => void } {
  let now = 1_000;
  const buckets = new TokenBuckets({ perSecond: 10, burst: 20 }, maxKeys, () => now);
  return { buckets, passMs: (ms) => (now += ms) };
}

test('lets a burst through, then as much as the rate allows', () => {
  const { buckets, passMs } = create();
  expect(buckets.take('a', 20)).toBe(0);
  expect(buckets.take('a', 1)).toBe(1);
  passMs(500);
  expect(buckets.take('a', 5)).toBe(0);
  expect(buckets.take('a', 1)).toBe(1);
});

test('says after how many seconds it is worth trying again', () => {
  const { buckets } = create();
  buckets.take('a', 20);
  expect(buckets.take('a', 15)).toBe(2);
});

test('takes nothing of one key for another, and nothing for what it refuses', () => {
  const { buckets, passMs } = create();
  buckets.take('a', 20);
  for (let i = 0; i < 50; i += 1) buckets.take('a', 10);
  expect(buckets.take('b', 20)).toBe(0);
  passMs(1_000);
  expect(buckets.take('a', 10)).toBe(0);
});

test('lets what is larger than a burst pass for a whole burst', () => {
  const { buckets } = create();
  expect(buckets.take('a', 1_000)).toBe(0);
  expect(buckets.take('a', 1)).toBe(1);
});

test('never keeps more keys than it may, and forgets the one used longest ago', () => {
  const { buckets } = create(3);
  buckets.take('limited', 20);
  for (let i = 0; i < 1_000; i += 1) {
    buckets.take(`other-${i}`, 1);
    expect(buckets.take('limited', 1)).toBe(1);
  }
  expect(buckets.size).toBe(3);
});

test('is not fooled by a clock that is set back', () => {
  const { buckets, passMs } = create();
  buckets.take('a', 20);
  passMs(-900);
  expect(buckets.take('a', 1)).toBe(1);
  passMs(900);
  expect(buckets.take('a', 9)).toBe(0);
});

test('limits nothing at a rate of 0', () => {
  const buckets = new TokenBuckets({ perSecond: 0, burst: 1 }, 1, () => 0);
  expect(buckets.take('a', 1_000_000)).toBe(0);
  expect(buckets.size).toBe(0);
});
