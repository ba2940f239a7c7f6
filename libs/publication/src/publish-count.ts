/**
 * A count of installations as everyone may see it: rounded down to a multiple of `leastCount`, and nothing (null) below it,
 * zero included.
 *
 * Guarantee: two published counts differ by nothing or by `leastCount` at least. Whoever subtracts one from another, of two
 * days, of a whole and its parts, of two projects, never learns of fewer installations than that.
 *
 * @param count installations; 0 or more
 * @param leastCount 1 or more; 1 tells everything
 * @see docs/adr/0026-small-cells.md
 */
export function publishCount(count: number, leastCount: number): number | null {
  const told = Math.floor(count / leastCount) * leastCount;
  return told > 0 ? told : null;
}
