/** Lines over time, as they are drawn. */
export interface Lines {
  /** Epoch seconds, ascending. */
  readonly at: readonly number[];
  readonly lines: readonly {
    readonly name: string;
    /** One for each instant; null where there is no value. */
    readonly values: readonly (number | null)[];
  }[];
}

const DAY_S = 86_400;

/** Epoch seconds of a UTC day `YYYY-MM-DD` or an instant. */
export function toSeconds(text: string): number {
  return (
    Date.parse(
      text.includes('T') || text.includes(' ') ? text.replace(' ', 'T') : `${text}T00:00:00Z`,
    ) / 1_000
  );
}

/** A row for each day of each name; days between that have no row have no value. */
export function linesOf(
  rows: readonly (readonly [day: string, name: string, value: number | null])[],
): Lines {
  const seconds = rows.map(([day]) => toSeconds(day));
  const first = seconds.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = seconds.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  const count = Number.isFinite(first) ? Math.round((last - first) / DAY_S) + 1 : 0;
  const at = Array.from({ length: count }, (_, index) => first + index * DAY_S);
  const values = new Map<string, (number | null)[]>();
  rows.forEach(([, name, value], index) => {
    const line = values.get(name) ?? Array<number | null>(count).fill(null);
    line[Math.round(((seconds[index] ?? first) - first) / DAY_S)] = value;
    values.set(name, line);
  });
  return { at, lines: [...values].map(([name, line]) => ({ name, values: line })) };
}
