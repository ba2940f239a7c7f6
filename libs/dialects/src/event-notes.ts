import type { EventTime } from './clock-skew.ts';
import type { EventNote } from './dialect.ts';

/**
 * What is to be counted of a time: nothing, or that one was sent and cannot be read. The event then occurred when it
 * arrived, and a client whose clock speaks another form would otherwise never be noticed.
 *
 * @param sent what stood where a time may stand
 */
export function noteTime(time: EventTime, sent: readonly unknown[]): EventNote | undefined {
  const wasSent = sent.some((value) => value !== undefined && value !== null && value !== '');
  return time.occurredAt === null && wasSent
    ? { code: 'GW_TIME_UNREADABLE', path: 'timestamp' }
    : undefined;
}

/** The notes that there are; undefined for none, which is the case of almost every event. */
export function notesOf(
  ...notes: readonly (EventNote | undefined)[]
): readonly EventNote[] | undefined {
  const found = notes.filter((note) => note !== undefined);
  return found.length === 0 ? undefined : found;
}
