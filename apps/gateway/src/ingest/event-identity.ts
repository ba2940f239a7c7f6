import { createHash, randomUUID } from 'node:crypto';
import type { WireEvent } from '@rollcall/dialects';

/**
 * The id under which an event is stored once.
 *
 * From the wire when it has one. Else, when the event has a time of its own, a hash of what makes it that event: a
 * retry of the same bytes hashes the same. Else random: Kamaji's create and Sveltos' reports carry neither id nor
 * time, so equal bodies from two clusters are two events, and those clients never retry.
 */
export function eventIdOf(project: string, event: WireEvent): string {
  if (event.eventId !== undefined) return event.eventId;
  // The client's own time, before it was corrected for its clock: a correction differs with each retry.
  const writtenAt = event.writtenAt ?? event.occurredAt;
  if (writtenAt === null) return randomUUID();
  const { installationId, properties, samples = null } = event;
  const parts = [project, installationId, event.event, writtenAt, properties, samples];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
