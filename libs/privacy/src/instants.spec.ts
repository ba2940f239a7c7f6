import { expect, it } from 'vitest';
import { formatInstant, formatSecond, toStorable } from './instants.ts';

it('writes what Date would, for any instant that ClickHouse holds', () => {
  const instants = [
    0,
    -1,
    999,
    1_000,
    86_399_999,
    1_795_255_273_508,
    Date.UTC(1900, 0, 1),
    Date.UTC(2299, 11, 31),
  ];
  for (const instant of instants) {
    const iso = new Date(instant).toISOString();
    expect(formatInstant(instant)).toBe(iso.slice(0, -1).replace('T', ' '));
    expect(formatSecond(instant)).toBe(iso.slice(0, 19).replace('T', ' '));
  }
});

it('takes parts of a millisecond for the millisecond before', () => {
  expect(formatInstant(1_999.9)).toBe('1970-01-01 00:00:01.999');
});

it('moves what ClickHouse cannot hold to what it can', () => {
  const texts = [-1e300, 0, 1e300].map((instant) => formatInstant(toStorable(instant)));
  expect(texts).toEqual([
    '1900-01-01 00:00:00.000',
    '1970-01-01 00:00:00.000',
    '2299-12-31 00:00:00.000',
  ]);
});
