import { DIALECT_NAMES } from '@rollcall/contracts-catalogue';
import { expect, test } from 'vitest';
import { EXPECTED } from './expected.table.ts';
import { KINDS } from './kinds.ts';
import { describeReport, runMix } from './run-mix.ts';

test('there are two dozen kinds of bad input, and for each one an answer that is right', () => {
  expect(Object.keys(KINDS).length).toBeGreaterThanOrEqual(24);
  expect(Object.keys(EXPECTED).toSorted()).toEqual(Object.keys(KINDS).toSorted());
});

test.each(DIALECT_NAMES)('two dozen of them end with a code in the dialect %s', (dialect) => {
  const coded = Object.values(EXPECTED).filter(
    (row) => row[dialect].code !== undefined || row[dialect].counted !== undefined,
  );
  expect(coded.length).toBeGreaterThanOrEqual(24);
});

test('stores every good event once and answers every bad one with its code, in whatever order they come', async () => {
  const report = await runMix(4_000, 7);
  console.log(describeReport(report));
  expect(report.result.wrong).toEqual([]);
  expect(report.disagreements).toEqual([]);
  expect(report.result.bad.size).toBeGreaterThan(150);
});
