import { DIALECT_NAMES } from '@rollcall/contracts-catalogue';
import { expect, test } from 'vitest';
import { EXPECTED } from './expected.table.ts';
import { KINDS } from './kinds.ts';
import { describeReport } from './report.ts';
import { runMix } from './run-mix.ts';

test('there is an answer that is right for each kind of bad input', () => {
  expect(Object.keys(EXPECTED).toSorted()).toEqual(Object.keys(KINDS).toSorted());
});

test.each(DIALECT_NAMES)('two dozen kinds end with a code in the dialect %s', (dialect) => {
  const coded = Object.values(EXPECTED).filter((row) => row[dialect]?.counted !== undefined);
  expect(coded.length).toBeGreaterThanOrEqual(24);
});

test('nothing is taken without a word but a key of JSON that comes twice', () => {
  const silent = Object.entries(EXPECTED).flatMap(([kind, row]) =>
    DIALECT_NAMES.filter(
      (dialect) => row[dialect] !== undefined && row[dialect].counted === undefined,
    ).map(() => kind),
  );
  expect(new Set(silent)).toEqual(new Set(['the same key twice']));
});

test('stores every good event once and answers or counts every bad one with its code, and its memory stays flat', async () => {
  const report = await runMix({ warmUp: 4_000, requests: 4_000, seed: 7 });
  console.log(describeReport(report));
  expect(report.account.wrong).toEqual([]);
  expect(report.disagreements).toEqual([]);
  expect(report.memoryFaults).toEqual([]);
  // every cell that there is
  const cells = Object.values(EXPECTED).flatMap((row) =>
    Object.values(row).filter((cell) => cell?.counted !== undefined),
  );
  expect(report.account.bad.size).toBe(cells.length);
});
