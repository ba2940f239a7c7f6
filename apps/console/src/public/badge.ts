import type { PublicFigure } from '../figures/figures.service.ts';

/** Counts that a badge may show, and what it calls them. */
export const BADGE_COUNTS = {
  received: 'installations',
  confirmed: 'confirmed installations',
  qualified: 'qualified installations',
} as const;
export type BadgeCount = keyof typeof BADGE_COUNTS;

export const isBadgeCount = (text: string): text is BadgeCount => Object.hasOwn(BADGE_COUNTS, text);

const HEIGHT = 20;
/** Of a character, on average; the text is fitted to it, whatever font is there. */
const CHARACTER = 6.6;
const PADDING = 8;

/**
 * A badge for a README: a count of the ladder, or that there are fewer than may be told. No text in it comes from a client,
 * and a dozen lines of SVG are what the known package for badges would bring five packages for.
 */
export function toBadge({ table }: PublicFigure, count: BadgeCount): string {
  const at = table.columns.findIndex(({ name }) => name === count);
  const told = table.rows[0]?.[at] ?? null;
  const isTold = typeof told === 'number';
  const label = BADGE_COUNTS[count];
  const message = isTold ? `${told}+` : `under ${table.leastCount}`;
  const split = widthOf(label);
  const width = split + widthOf(message);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${label}: ${message}">`,
    `<title>${label}: ${message}</title>`,
    `<rect width="${width}" height="${HEIGHT}" rx="3" fill="#3d444d"/>`,
    `<path d="M${split} 0h${width - split - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${split}z" fill="${isTold ? '#0b5fa5' : '#57606a'}"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    textAt(0, label),
    textAt(split, message),
    '</g></svg>',
  ].join('');
}

function widthOf(text: string): number {
  return Math.round(text.length * CHARACTER) + 2 * PADDING;
}

function textAt(x: number, text: string): string {
  const length = widthOf(text) - 2 * PADDING;
  return `<text x="${x + PADDING}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs">${text}</text>`;
}
