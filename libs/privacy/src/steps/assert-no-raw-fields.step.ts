import type { EventRow, MetricSampleRow } from '@rollcall/contracts-anonymized';
import { deadLetter, ok, type Outcome } from '@rollcall/pipeline';
import type { EncodedEvent } from '../event-stages.ts';

/** Shorter identifiers (`1`, `dev`) stand in every row by chance; what has been hashed and what not shows from six on. */
const MIN_SEARCHED_LENGTH = 6;

/**
 * Searches the finished rows for every identifier that was in this event in clear: also inside longer text, and as
 * JSON escapes it. A hit becomes `dead_letter('AN_RAW_FIELD_LEFT')`: a declared field held the identifier a second
 * time, or a step has a fault; in both cases the row must not leave.
 *
 * What cannot come from the client is not searched: keys, pseudonyms, instants, coordinates, the catalogue's names.
 * Else an installation called `kamaji`, or hex digits that recur by chance, would lose its events.
 */
export function assertNoRawFields(encoded: EncodedEvent): Outcome<EncodedEvent> {
  const { facts, eventLine, sampleLines } = encoded;
  for (const identifier of facts.identifiers) {
    if (identifier.length < MIN_SEARCHED_LENGTH) continue;
    // the quick search sees too much (keys, digits), and a hit is rare: only then the row is read again
    if (!mayHold(encoded, identifier)) continue;
    const rows = [eventLine, ...sampleLines].map(
      (line) => JSON.parse(line) as EventRow | MetricSampleRow,
    );
    if (
      rows.some((row) => sentParts(row).some((part) => holds(part, identifier, facts.pseudonyms)))
    )
      return deadLetter('AN_RAW_FIELD_LEFT');
  }
  return ok(encoded);
}

function mayHold({ eventLine, sampleLines }: EncodedEvent, identifier: string): boolean {
  const escaped = JSON.stringify(identifier).slice(1, -1);
  return eventLine.includes(escaped) || sampleLines.some((line) => line.includes(escaped));
}

/** The parts of a row whose values come from what was sent. */
function sentParts(row: EventRow | MetricSampleRow): readonly unknown[] {
  if ('labels' in row) return [row.labels, row.value];
  return [row.properties, row.app_version, row.kubernetes_version, row.os, row.arch, row.provider];
}

function holds(part: unknown, identifier: string, pseudonyms: readonly string[]): boolean {
  if (typeof part === 'object' && part !== null)
    return Object.values(part).some((inner) => holds(inner, identifier, pseudonyms));
  const text = String(part);
  return text.includes(identifier) && !pseudonyms.includes(text);
}
