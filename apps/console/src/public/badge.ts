import { makeBadge } from 'badge-maker';
import type { PublicFigure } from '../figures/figures.service.ts';

/** Counts that a badge may show, and what it calls them. */
export const BADGE_COUNTS = {
  received: 'installations',
  confirmed: 'confirmed installations',
  qualified: 'qualified installations',
} as const;
export type BadgeCount = keyof typeof BADGE_COUNTS;

export const isBadgeCount = (text: string): text is BadgeCount => Object.hasOwn(BADGE_COUNTS, text);

/** A badge for a README: a count of the ladder, or that there are fewer than may be told. */
export function toBadge({ table }: PublicFigure, count: BadgeCount): string {
  const at = table.columns.findIndex(({ name }) => name === count);
  const told = table.rows[0]?.[at] ?? null;
  const message = typeof told === 'number' ? `${told}+` : `under ${table.leastCount}`;
  return makeBadge({
    label: BADGE_COUNTS[count],
    message,
    color: typeof told === 'number' ? 'blue' : 'lightgrey',
  });
}
