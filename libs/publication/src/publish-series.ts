import { publishCount } from './publish-count.ts';
import { PublishedTable, type PublishedCell, type PublishedColumn } from './published.ts';

/** A row of a query, by column. */
export type QueryRow = Readonly<Record<string, string | number | null>>;

/** Which columns of a query are what. */
export interface SeriesShape {
  /** What names a row: a day, a cohort and a week. Holds nothing that a client wrote. */
  readonly keys: readonly PublishedColumn[];
  /** Counts of installations. */
  readonly counts: readonly string[];
  /** Counts that add up to another: by the whole, its parts. */
  readonly wholes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Publishes counts that stand beside each other: one row for a day, a week, a project.
 *
 * Guarantee: every count is published by {@link publishCount}; and where counts add up to another, what is told of the others
 * leaves a count that is not told open: it may still be anything below `leastCount`. Until that is so the smallest told part
 * is left untold too, and at last the whole.
 */
export function publishSeries(
  rows: readonly QueryRow[],
  shape: SeriesShape,
  leastCount: number,
): PublishedTable {
  const columns = [
    ...shape.keys,
    ...shape.counts.map((name) => ({ name, kind: 'count' }) as const),
  ];
  const published = rows.map((row) => {
    const counts = publishCounts(row, shape, leastCount);
    return columns.map(({ name }): PublishedCell => counts.get(name) ?? keyOf(row, name, shape));
  });
  return new PublishedTable(leastCount, columns, published);
}

function keyOf(row: QueryRow, name: string, { counts }: SeriesShape): PublishedCell {
  return counts.includes(name) ? null : (row[name] ?? null);
}

function publishCounts(
  row: QueryRow,
  { counts, wholes = {} }: SeriesShape,
  leastCount: number,
): ReadonlyMap<string, number | null> {
  const told = new Map(
    counts.map((name) => [name, publishCount(Number(row[name] ?? 0), leastCount)] as const),
  );
  for (const [whole, parts] of Object.entries(wholes)) protect(told, { whole, parts, leastCount });
  return told;
}

type Told = Map<string, number | null>;

interface Whole {
  readonly whole: string;
  readonly parts: readonly string[];
  readonly leastCount: number;
}

/** Leaves more untold until nothing is learned of a part that is. */
function protect(told: Told, sum: Whole): void {
  while (isNarrowed(told, sum)) {
    const shown = sum.parts.filter((name) => told.get(name) !== null);
    const [smallest] = shown.toSorted((a, b) => Number(told.get(a)) - Number(told.get(b)));
    told.set(smallest ?? sum.whole, null);
  }
}

/**
 * Whether subtracting shows that an untold part is more than 0: a told count may be `leastCount - 1` more than it says, an
 * untold one is `leastCount - 1` at most. That one is less than that never shows, since a whole is told too low as well.
 */
function isNarrowed(told: Told, { whole, parts, leastCount }: Whole): boolean {
  const wholeTold = told.get(whole) ?? null;
  const values = parts.map((name) => told.get(name) ?? null);
  const untoldCount = values.filter((value) => value === null).length;
  if (wholeTold === null || untoldCount === 0) return false;
  const most = values.reduce<number>((sum, value) => sum + (value ?? 0) + leastCount - 1, 0);
  const mostOfOthers = most - (leastCount - 1);
  return wholeTold > mostOfOthers;
}
