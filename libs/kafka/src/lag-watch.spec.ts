import { expect, test } from 'vitest';
import { LagWatch } from './lag-watch.ts';

function start(): { watch: LagWatch; at: (now: number) => void } {
  let now = 0;
  return { watch: new LagWatch(() => now), at: (to) => void (now = to) };
}

const lag = (position: bigint, end: bigint) => new Map([['raw/0', { position, end }]]);

test('a partition without lag never stalls, however long nothing happens', () => {
  const { watch, at } = start();
  watch.stalledSince(lag(5n, 5n));
  at(1_000_000);
  expect(watch.stalledSince(lag(5n, 5n))).toBeUndefined();
});

test('lag without movement counts from when it was seen first', () => {
  const { watch, at } = start();
  watch.stalledSince(lag(5n, 5n));
  at(100);
  watch.stalledSince(lag(5n, 5n));
  at(200);
  expect(watch.stalledSince(lag(5n, 9n))).toBe(100);
  at(300);
  expect(watch.stalledSince(lag(5n, 9n))).toBe(100);
});

test('a position that moves, in either direction, ends the stall', () => {
  const { watch, at } = start();
  watch.stalledSince(lag(5n, 9n));
  at(100);
  expect(watch.stalledSince(lag(6n, 9n))).toBeUndefined();
  expect(watch.stalledSince(lag(3n, 9n))).toBeUndefined();
});

test('one moving partition does not hide another that stalls', () => {
  const { watch, at } = start();
  const both = (moving: bigint) =>
    new Map([
      ['raw/0', { position: 5n, end: 9n }],
      ['raw/1', { position: moving, end: 99n }],
    ]);
  watch.stalledSince(both(1n));
  at(100);
  expect(watch.stalledSince(both(2n))).toBe(0);
});

test('nothing is held against a partition that went elsewhere and came back, or that nobody could look at', () => {
  const { watch, at } = start();
  watch.stalledSince(lag(5n, 9n));
  at(100);
  watch.stalledSince(new Map());
  expect(watch.stalledSince(lag(5n, 9n))).toBeUndefined();
  at(200);
  watch.reset();
  expect(watch.stalledSince(lag(5n, 9n))).toBeUndefined();
});
