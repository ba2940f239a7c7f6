import { publishCount } from './publish-count.ts';
import type { QueryRow } from './publish-series.ts';
import { PublishedTable, type PublishedCell, type PublishedColumn } from './published.ts';

/** Name of the row that holds what has no row of its own. */
export const OTHER_LABEL = 'other';

/** Which columns of a query are what. */
export interface BreakdownShape {
  /** Rows that are equal in these are parts of one whole: those of a day. */
  readonly within: readonly PublishedColumn[];
  /** What a client wrote: a version, the name of an event. */
  readonly label: string;
  /** Installations. */
  readonly count: string;
}

/**
 * Publishes how a whole is shared out among names that clients chose.
 *
 * Guarantee: a name that fewer than `leastCount` installations use is not told, since it may name one of them by itself;
 * its count goes to {@link OTHER_LABEL}. When what is there is still too small to be told, the smallest named rows go the
 * same way until it can be, so that subtracting the others from the whole brings nothing back. A whole that is too small has
 * no rows.
 */
export function publishBreakdown(
  rows: readonly QueryRow[],
  shape: BreakdownShape,
  leastCount: number,
): PublishedTable {
  const columns: readonly PublishedColumn[] = [
    ...shape.within,
    { name: shape.label, kind: 'label' },
    { name: shape.count, kind: 'count' },
  ];
  const wholes = Map.groupBy(rows, (row) =>
    JSON.stringify(shape.within.map(({ name }) => row[name])),
  );
  const published = [...wholes.values()].flatMap((whole) => {
    const keys = shape.within.map(({ name }): PublishedCell => whole[0]?.[name] ?? null);
    return publishWhole(whole, shape, leastCount).map(([label, count]) => [...keys, label, count]);
  });
  return new PublishedTable(leastCount, columns, published);
}

/** @returns names and published counts, largest first, what is left last. */
function publishWhole(
  rows: readonly QueryRow[],
  shape: BreakdownShape,
  leastCount: number,
): readonly Part[] {
  const named = [...totals(rows, shape)].toSorted(largestFirst);
  const isNamed = ([label, count]: Part): boolean => label !== OTHER_LABEL && count >= leastCount;
  const kept = named.filter(isNamed);
  let left = named.filter((part) => !isNamed(part)).reduce((sum, [, count]) => sum + count, 0);
  while (left > 0 && left < leastCount && kept.length > 0) left += kept.pop()?.[1] ?? 0;
  const told = kept.map(([label, count]): Part => [label, publishCount(count, leastCount) ?? 0]);
  // in order of what is told: the order of the true counts would tell which is more
  const ordered = told.toSorted(largestFirst);
  const other = publishCount(left, leastCount);
  return other === null ? ordered : [...ordered, [OTHER_LABEL, other]];
}

type Part = readonly [label: string, count: number];

function totals(rows: readonly QueryRow[], { label, count }: BreakdownShape): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = String(row[label] ?? '');
    sums.set(name, (sums.get(name) ?? 0) + Number(row[count] ?? 0));
  }
  return sums;
}

/** Equal counts by name. */
function largestFirst([a, countA]: Part, [b, countB]: Part): number {
  return countB - countA || (a < b ? -1 : 1);
}
