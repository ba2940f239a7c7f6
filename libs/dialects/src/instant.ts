/** RFC 3339, with any number of fractional digits. The last group is the offset, which {@link readInstant} may miss. */
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

/**
 * An RFC 3339 timestamp as epoch ms; what is finer than a millisecond is cut off.
 *
 * @returns undefined for anything else: no offset, a day that its month does not have, a leap second.
 * @see RFC 3339 section 5.6
 */
export function parseInstant(text: string): number | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null || match[5] === undefined) return undefined;
  return toEpochMs(match);
}

/**
 * A client's timestamp as epoch ms, read kindly: RFC 3339, the same without an offset (then UTC), or a number of
 * epoch milliseconds.
 *
 * @returns undefined when it is none of these. Never depends on the time zone of this machine.
 */
export function readInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return isInstant(value) ? Math.trunc(value) : undefined;
  const match = typeof value === 'string' ? TIMESTAMP.exec(value) : null;
  return match === null ? undefined : toEpochMs(match);
}

/** Years 0 to 9999: what a timestamp can be written for, and what ClickHouse can be asked to hold. */
function isInstant(ms: number): boolean {
  return Number.isFinite(ms) && ms >= -62_167_219_200_000 && ms <= 253_402_300_799_999;
}

function toEpochMs(match: RegExpExecArray): number | undefined {
  const [text, year, month, day, , offset] = match;
  if (Number(day) > daysOf(Number(year), Number(month))) return undefined;
  const iso = `${text.slice(0, 10)}T${text.slice(11)}${offset === undefined ? 'Z' : ''}`;
  const ms = Date.parse(iso.toUpperCase());
  return isInstant(ms) ? ms : undefined;
}

/** 0 for a month that does not exist. */
function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
