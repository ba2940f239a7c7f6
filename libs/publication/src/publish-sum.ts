import { publishCount } from './publish-count.ts';

/** A sum of what installations said, as a query has it. */
export interface Sum {
  /** Installations that said something greater than zero. */
  readonly contributors: number;
  /** The `leastCount`-th largest of what they said; 0 when there are fewer. */
  readonly cap: number;
  /** The sum, each installation counting with at most `cap`. */
  readonly cappedSum: number;
}

/**
 * A sum as everyone may see it: 0 below `leastCount` contributors, else rounded down to a multiple of `leastCount * cap`.
 *
 * Guarantee: no installation counts with more than `leastCount - 1` others do too, so that one large one is not read off
 * the sum; and two published sums of one cap differ by nothing or by as much as `leastCount` of the largest could say.
 *
 * @see docs/adr/0026-small-cells.md
 */
export function publishSum({ contributors, cap, cappedSum }: Sum, leastCount: number): number {
  if (publishCount(contributors, leastCount) === null || cap <= 0) return 0;
  const step = leastCount === 1 ? 1 : leastCount * cap;
  return Math.floor(cappedSum / step) * step;
}
