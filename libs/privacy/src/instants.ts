const DAY_MS = 86_400_000;
const MAX_DAYS = 1_024;

/** Two digits of every number below 100. */
const PAIRS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/**
 * Days as text. Almost all events of an hour name the same three days (occurred, received, expires), and asking Date
 * for each instant was a tenth of the whole work on an event.
 */
const days = new Map<number, string>();

function dayText(day: number): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  if (days.size >= MAX_DAYS) days.clear();
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
  days.set(day, text);
  return text;
}

function pair(number: number): string {
  return PAIRS[number] as string;
}

/** Epoch ms to `YYYY-MM-DD hh:mm:ss`, UTC, as ClickHouse reads it into a DateTime. Years 0 to 9999. */
export function formatSecond(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  const seconds = Math.floor((epochMs - day * DAY_MS) / 1_000);
  const minutes = Math.floor(seconds / 60);
  return `${dayText(day)} ${pair(Math.floor(minutes / 60))}:${pair(minutes % 60)}:${pair(seconds % 60)}`;
}

/** Epoch ms to `YYYY-MM-DD hh:mm:ss.SSS`, UTC, as ClickHouse reads it into a DateTime64(3). Years 0 to 9999. */
export function formatInstant(epochMs: number): string {
  const ms = Math.floor(epochMs) - Math.floor(epochMs / 1_000) * 1_000;
  return `${formatSecond(epochMs)}.${Math.floor(ms / 100)}${pair(ms % 100)}`;
}

/** What a DateTime64(3) can hold. */
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(2299, 11, 31);

/** The instant, or the nearest one that ClickHouse can hold. */
export function toStorable(epochMs: number): number {
  return Math.min(Math.max(epochMs, EARLIEST_MS), LATEST_MS);
}
