import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  OTHER_LABEL,
  publishBreakdown,
  publishCount,
  publishSeries,
  publishSum,
  type PublishedTable,
} from './index.ts';

const least = fc.integer({ min: 2, max: 12 });
const count = fc.nat({ max: 60 });
const PARTS = ['ci', 'dev', 'fork', 'qualified'] as const;
const LADDER = { keys: [], counts: ['confirmed', ...PARTS], wholes: { confirmed: PARTS } };
const VERSIONS = { within: [{ name: 'day', kind: 'day' }], label: 'version', count: 'n' } as const;

const ladder = fc.record({ ci: count, dev: count, fork: count, qualified: count });
/** Installations of each day by the version that they run. */
const days = fc.dictionary(
  fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03'),
  fc.dictionary(fc.constantFrom('v1', 'v2', 'v3', 'v4', 'v5', OTHER_LABEL), count),
);

const countsOf = ({ rows }: PublishedTable): number[] =>
  rows.flat().filter((cell) => typeof cell === 'number');

function publishLadder(parts: Readonly<Record<string, number>>, k: number): PublishedTable {
  const confirmed = PARTS.reduce((sum, name) => sum + (parts[name] ?? 0), 0);
  return publishSeries([{ ...parts, confirmed }], LADDER, k);
}

type Days = Readonly<Record<string, Readonly<Record<string, number>>>>;

function publishDays(byDay: Days, k: number): PublishedTable {
  const rows = Object.entries(byDay).flatMap(([day, versions]) =>
    Object.entries(versions).map(([version, n]) => ({ day, version, n })),
  );
  return publishBreakdown(rows, VERSIONS, k);
}

test('counts differ by nothing or by the least count', () => {
  fc.assert(
    fc.property(least, count, count, (k, a, b) => {
      const difference = Math.abs((publishCount(a, k) ?? 0) - (publishCount(b, k) ?? 0));
      expect(difference === 0 || difference >= k).toBe(true);
    }),
  );
});

test('two successive days cannot be subtracted to reveal one installation', () => {
  fc.assert(
    fc.property(least, days, (k, byDay) => {
      const told = countsOf(publishDays(byDay, k));
      const differences = told.flatMap((a) => told.map((b) => Math.abs(a - b)));
      expect(differences.filter((difference) => difference > 0 && difference < k)).toEqual([]);
      expect(told.every((value) => value % k === 0 && value >= k)).toBe(true);
    }),
  );
});

/** What every solution of "the parts add up to the whole" says of each untold part, by trying all of them. */
function possible(table: PublishedTable, k: number): ReadonlyMap<string, ReadonlySet<number>> {
  const [row = []] = table.rows;
  const range = (cell: unknown): number[] => {
    const from = typeof cell === 'number' ? cell : 0;
    return Array.from({ length: k }, (_, more) => from + more);
  };
  const [whole, ...parts] = row.map(range);
  const found = new Map(PARTS.map((name) => [name as string, new Set<number>()]));
  const tryFrom = (index: number, chosen: readonly number[], sum: number): void => {
    if (index < PARTS.length) {
      for (const value of parts[index] ?? []) tryFrom(index + 1, [...chosen, value], sum + value);
      return;
    }
    if (row[0] !== null && !whole?.includes(sum)) return;
    PARTS.forEach((name, at) => found.get(name)?.add(chosen[at] ?? -1));
  };
  tryFrom(0, [], 0);
  return found;
}

describe('counts that add up', () => {
  test('leave each untold one anything below the least count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), ladder, (k, parts) => {
        const table = publishLadder(parts, k);
        const open = possible(table, k);
        PARTS.forEach((name, index) => {
          if (table.rows[0]?.[index + 1] !== null) return;
          expect(open.get(name)?.size).toBe(k);
        });
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [5, { ci: 4, dev: 0, fork: 0, qualified: 40 }, [40, null, null, null, 40]],
    [4, { ci: 3, dev: 3, fork: 7, qualified: 7 }, [null, null, null, null, null]],
    [5, { ci: 4, dev: 4, fork: 4, qualified: 4 }, [null, null, null, null, null]],
    [5, { ci: 12, dev: 7, fork: 5, qualified: 40 }, [60, 10, 5, 5, 40]],
    [1, { ci: 1, dev: 0, fork: 0, qualified: 2 }, [3, 1, null, null, 2]],
  ])('with %i at least, %j is told as %j', (k, parts, told) => {
    expect(publishLadder(parts, k).rows).toEqual([told]);
  });
});

describe('a whole shared out among names', () => {
  test('never tells a name that fewer use than the least count', () => {
    fc.assert(
      fc.property(least, days, (k, byDay) => {
        for (const [day, version] of publishDays(byDay, k).rows)
          if (version !== OTHER_LABEL)
            expect(byDay[String(day)]?.[String(version)]).toBeGreaterThanOrEqual(k);
      }),
    );
  });

  test('tells the same whichever of the small names an installation moves to', () => {
    fc.assert(
      fc.property(least, days, fc.nat(), (k, byDay, at) => {
        const moved = Object.fromEntries(
          Object.entries(byDay).map(([day, versions]) => {
            const small = Object.keys(versions).filter((name) => (versions[name] ?? 0) < k - 1);
            const from = small.find((name) => (versions[name] ?? 0) > 0);
            const to = small.filter((name) => name !== from)[at % Math.max(1, small.length - 1)];
            if (from === undefined || to === undefined) return [day, versions];
            return [
              day,
              { ...versions, [from]: (versions[from] ?? 0) - 1, [to]: (versions[to] ?? 0) + 1 },
            ];
          }),
        );
        expect(publishDays(moved, k).rows).toEqual(publishDays(byDay, k).rows);
      }),
    );
  });

  test('hides a second name where the first could be had by subtraction', () => {
    const byDay = { '2026-01-01': { v1: 50, v2: 6, v3: 2 } };
    expect(publishDays(byDay, 5).rows).toEqual([
      ['2026-01-01', 'v1', 50],
      ['2026-01-01', OTHER_LABEL, 5],
    ]);
  });

  test('has no row for a day that is too small', () => {
    expect(publishDays({ '2026-01-01': { v1: 2, v2: 2 } }, 5).rows).toEqual([]);
  });

  test('keeps names as they are, and orders equal counts by them', () => {
    const names = ['=1+1', '<b>', '🙂', "o'clock", '__proto__'];
    const rows = names.map((version) => ({ day: 'd', version, n: 9 }));
    const told = publishBreakdown(rows, VERSIONS, 5).rows.map(([, version]) => version);
    expect(told).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });
});

describe('a sum', () => {
  const said = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 40 });
  function toSum(values: readonly number[], k: number): Parameters<typeof publishSum>[0] {
    const sorted = values.toSorted((a, b) => b - a);
    const cap = sorted[k - 1] ?? 0;
    const cappedSum = sorted.reduce((sum, value) => sum + Math.min(value, cap), 0);
    return { contributors: values.length, cap, cappedSum };
  }

  test('is not told below the least count', () => {
    expect(publishSum(toSum([1_000, 1_000, 1_000, 1_000], 5), 5)).toBe(0);
  });

  test('is the same whatever the largest says beyond what others say too', () => {
    fc.assert(
      fc.property(least, said, fc.nat(), (k, values, more) => {
        const sorted = values.toSorted((a, b) => b - a);
        const larger = sorted.map((value, index) => (index === 0 ? value + more : value));
        expect(publishSum(toSum(larger, k), k)).toBe(publishSum(toSum(values, k), k));
      }),
    );
  });

  test('never exceeds the truth', () => {
    fc.assert(
      fc.property(least, said, (k, values) => {
        const truth = values.reduce((sum, value) => sum + value, 0);
        expect(publishSum(toSum(values, k), k)).toBeLessThanOrEqual(truth);
      }),
    );
  });
});
