import { expect, it } from 'vitest';
import { formatInstant, formatSecond, isStorable } from './instants.ts';

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

it('knows what ClickHouse holds', () => {
  expect([Date.UTC(1899, 11, 31), 0, Date.UTC(2300, 0, 1), NaN, Infinity].map(isStorable)).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
});
