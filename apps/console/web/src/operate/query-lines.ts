import type { ApiQueryResult } from '../../../src/api.ts';
import { toSeconds, type Lines } from '../chart/lines.ts';

const isTime = (type: string): boolean => /^(Nullable\()?Date/.test(type);
const isNumber = (type: string): boolean =>
  /^(Nullable\(|LowCardinality\()*(U?Int\d+|Float\d+|Decimal)/.test(type);

/** A result as lines over time: by its first column of days or instants; undefined when it has none, or no numbers. */
export function toLines({ columns, rows }: ApiQueryResult): Lines | undefined {
  const timeAt = columns.findIndex(({ type }) => isTime(type));
  const numbers = columns.flatMap(({ name, type }, at) => (isNumber(type) ? [{ name, at }] : []));
  if (timeAt === -1 || numbers.length === 0 || rows.length < 2) return undefined;
  const timed = rows
    .map((row) => ({ row, at: toSeconds(String(row[timeAt])) }))
    .filter(({ at }) => Number.isFinite(at))
    .toSorted((a, b) => a.at - b.at);
  return {
    at: timed.map(({ at }) => at),
    lines: numbers.map(({ name, at }) => ({
      name,
      values: timed.map(({ row }) => (row[at] === null ? null : Number(row[at]))),
    })),
  };
}
