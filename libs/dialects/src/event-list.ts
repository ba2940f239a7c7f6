import type { Decoded, WireEvent, WireRejection } from './dialect.ts';
import { isFault, type EventRead } from './event-fault.ts';

/**
 * Reads the events of one request, one by one.
 *
 * Guarantee: a fault costs the event it is in and no other. Of several events with one id the first is kept; the
 * others are `GW_EVENT_ID_DUPLICATE`.
 */
export function readEvents<Item>(
  items: readonly Item[],
  readEvent: (item: Item) => EventRead,
  writeKey?: string,
): Decoded {
  const events: WireEvent[] = [];
  const indexes: number[] = [];
  const rejected: WireRejection[] = [];
  const seenIds = new Set<string>();
  for (let index = 0; index < items.length; index += 1) {
    const read = readEvent(items[index] as Item);
    if (isFault(read)) rejected.push({ index, ...read });
    else if (read.eventId !== undefined && seenIds.has(read.eventId))
      rejected.push({ index, code: 'GW_EVENT_ID_DUPLICATE', detail: 'event id' });
    else {
      if (read.eventId !== undefined) seenIds.add(read.eventId);
      events.push(read);
      indexes.push(index);
    }
  }
  const decoded = { kind: 'decoded', events, indexes, rejected } as const;
  return writeKey === undefined ? decoded : { ...decoded, writeKey };
}
