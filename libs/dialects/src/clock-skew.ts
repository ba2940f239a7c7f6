import type { WireEvent } from './dialect.ts';
import { readInstant } from './instant.ts';

/** When an event happened, as a {@link WireEvent} says it. */
export type EventTime = Pick<WireEvent, 'occurredAt' | 'writtenAt'>;

/**
 * Takes the error of the client's clock out of an event's time: the client says when it sent, and we know when that
 * arrived.
 *
 * Shape: all three are epoch ms. Without `sentAt` the client's time stands as it is.
 * @see https://segment.com/docs/connections/spec/common/#timestamps
 */
export function correctSkew(
  writtenAt: number | undefined,
  sentAt: number | undefined,
  receivedAt: number,
): EventTime {
  if (writtenAt === undefined) return { occurredAt: null };
  if (sentAt === undefined) return { occurredAt: writtenAt };
  return { occurredAt: readInstant(receivedAt - (sentAt - writtenAt)) ?? writtenAt, writtenAt };
}
