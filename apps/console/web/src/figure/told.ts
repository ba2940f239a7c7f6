import type { ApiCell, ApiColumn } from '../../../src/api.ts';

const NUMBER = new Intl.NumberFormat('en-US');

/** A count as people read it. */
export function told(count: ApiCell, leastCount: number): string {
  if (typeof count === 'number') return NUMBER.format(count);
  return leastCount === 1 ? '0' : `under ${leastCount}`;
}

/** Any cell of a figure as people read it. */
export function cellText(cell: ApiCell, { kind }: ApiColumn, leastCount: number): string {
  if (kind === 'count') return told(cell, leastCount);
  return cell === null ? '' : String(cell);
}

/** A column's name as people read it. */
export function columnTitle({ name }: ApiColumn): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
