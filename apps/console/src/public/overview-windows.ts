/** A calendar month, `YYYY-MM`. */
export type Month = string;

const toMonth = (at: Date): Month => at.toISOString().slice(0, 7);
const startOf = (month: Month): Date => new Date(`${month}-01T00:00:00Z`);

const NAMES = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The month and those before it, the latest first. */
export function monthsUpTo(month: Month, count: number): readonly Month[] {
  const start = startOf(month);
  return Array.from({ length: count }, (_, back) =>
    toMonth(new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - back, 1))),
  );
}

/** @returns the first and the last UTC day of a month, `YYYY-MM-DD`. */
export function daysOf(month: Month): { readonly from: string; readonly to: string } {
  const start = startOf(month);
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0));
  return { from: `${month}-01`, to: end.toISOString().slice(0, 10) };
}

/** How Cozystack's site names months: `April 2026`, `February 2026 — April 2026`. */
export function labelOf(oldest: Month, latest: Month): string {
  const name = (month: Month): string => NAMES.format(startOf(month));
  return oldest === latest ? name(latest) : `${name(oldest)} — ${name(latest)}`;
}
