import { expect, test } from 'vitest';
import { parseInstant, readInstant } from './instant.ts';

test.each([
  ['2026-11-21T01:01:13Z', '2026-11-21T01:01:13.000Z'],
  ['2026-11-21T01:01:13.886212483Z', '2026-11-21T01:01:13.886Z'],
  ['2026-11-21t01:01:13.8z', '2026-11-21T01:01:13.800Z'],
  ['2026-11-21 01:01:13Z', '2026-11-21T01:01:13.000Z'],
  ['2022-07-15T11:42:41.213006+08:00', '2022-07-15T03:42:41.213Z'],
  ['2024-02-29T23:59:59-00:30', '2024-03-01T00:29:59.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('reads %s', (text, iso) => {
  expect(new Date(parseInstant(text) ?? NaN).toISOString()).toBe(iso);
});

test.each([
  '',
  '2026-11-21',
  '2026-11-21T01:01Z',
  '2026-11-21T01:01:13',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-11-21T24:00:00Z',
  '2026-11-21T23:59:60Z',
  '2026-11-21T01:01:13+24:00',
  '9999-12-31T23:59:59-01:00',
  ' 2026-11-21T01:01:13Z',
  '1795222873886',
])('takes %j for no RFC 3339 timestamp', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('reads a time without an offset as UTC, wherever this machine is', () => {
  expect(readInstant('2026-11-21T01:01:13')).toBe(Date.UTC(2026, 10, 21, 1, 1, 13));
});

test('reads epoch milliseconds', () => {
  expect(readInstant(1_795_222_873_886.7)).toBe(1_795_222_873_886);
});

test.each([null, undefined, {}, true, NaN, Infinity, 1e300, -1e300, 'now'])(
  'takes %j for no time',
  (value) => {
    expect(readInstant(value)).toBeUndefined();
  },
);
