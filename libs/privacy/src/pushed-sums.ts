import type { TreatedSample } from './event-stages.ts';

/**
 * What a push says of the series of each of its samples: the sum of its samples of that name and those labels, in whatever
 * order these stand. Two series that the catalogue has made equal, two systems that are both `other`, are one.
 *
 * It is written on each of them, because they may reach the store in different inserts.
 *
 * Guarantee: pure; one number per sample, in their order; finite: what goes beyond the largest number is the largest number.
 * @see docs/adr/0030-highest-values-by-day-and-month.md
 */
export function pushedSums(samples: readonly TreatedSample[]): readonly number[] {
  const series = samples.map(seriesOf);
  const sums = new Map<string, number>();
  for (const [i, { value }] of samples.entries()) {
    const name = series[i] as string;
    sums.set(name, finite((sums.get(name) ?? 0) + value));
  }
  return series.map((name) => sums.get(name) as number);
}

function seriesOf({ name, labels }: TreatedSample): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, pairs]);
}

function finite(sum: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(sum, Number.MAX_VALUE));
}
