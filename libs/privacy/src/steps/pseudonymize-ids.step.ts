import { deadLetter, ok, type Outcome } from '@rollcall/pipeline';
import type { DeclaredEvent, DeclaredField, PseudonymizedEvent } from '../event-stages.ts';
import { keyAt } from '../project-keys.ts';
import {
  DOMAINS,
  eventIdFor,
  isIdentifier,
  pseudonymize,
  type PseudonymKey,
} from '../pseudonym.ts';

/** What was replaced, while one event is worked on. */
interface Replaced {
  readonly key: PseudonymKey;
  readonly identifiers: string[];
  readonly pseudonyms: string[];
}

/**
 * Replaces identifiers by keyed pseudonyms: the installation's, those in fields and labels, the event's own id.
 *
 * Shape: any text of 1 to 512 bytes -> 32 hex digits (event ids: a UUID). Guarantee: equal identifiers give equal
 * pseudonyms in whatever field they stand, so that they can be joined; the raw event ends here.
 * An installation or event id that cannot be used becomes `dead_letter('AN_ID_INVALID')`; a field is left out.
 */
export function pseudonymizeIds(declared: DeclaredEvent): Outcome<PseudonymizedEvent> {
  const { raw, policy, coordinates, drops, keys } = declared;
  const { installation_id, event_id, dialect, event } = raw;
  const hasInstallation = installation_id !== '';
  if ((hasInstallation && !isIdentifier(installation_id)) || !isIdentifier(event_id))
    return deadLetter('AN_ID_INVALID');
  const key = keyAt(keys, raw.received_at);
  const replaced: Replaced = { key, identifiers: [installation_id, event_id], pseudonyms: [] };
  const fields = replaceFields(declared.fields, replaced, declared);
  const samples = declared.samples.map((sample) => ({
    ...sample,
    labels: replaceFields(sample.labels, replaced, declared),
  }));
  const facts = {
    dialect,
    event,
    eventId: eventIdFor(keys.eventId, event_id),
    installation: hasInstallation
      ? pseudonymize(key, DOMAINS.identifier, installation_id)
      : ('' as const),
    keyEpoch: hasInstallation || replaced.pseudonyms.length > 0 ? key.epoch : 0,
    clientTime: raw.occurred_at,
    receivedAt: raw.received_at,
    identifiers: replaced.identifiers,
    pseudonyms: replaced.pseudonyms,
  };
  return ok({ policy, coordinates, drops, facts, fields, samples });
}

function replaceFields(
  fields: readonly DeclaredField[],
  replaced: Replaced,
  event: DeclaredEvent,
): readonly DeclaredField[] {
  // most events have no identifier among their fields, and keep their list
  if (fields.every(({ policy }) => policy.treatment !== undefined)) return fields;
  return fields.flatMap((field) => {
    if (field.policy.treatment !== undefined) return field;
    const pseudonym = replaceIdentifier(field, replaced, event);
    return pseudonym === undefined ? [] : { policy: field.policy, value: pseudonym };
  });
}

function replaceIdentifier(
  { policy: { path }, value }: DeclaredField,
  { key, identifiers, pseudonyms }: Replaced,
  { drops, policy: { project } }: DeclaredEvent,
): string | undefined {
  if (typeof value !== 'string' || !isIdentifier(value)) {
    // clients send an empty text for "none": that is no fault
    if (value !== '')
      drops.add(project, typeof value === 'string' ? 'AN_ID_INVALID' : 'AN_FIELD_TYPE', path);
    return undefined;
  }
  const pseudonym = pseudonymize(key, DOMAINS.identifier, value);
  identifiers.push(value);
  pseudonyms.push(pseudonym);
  return pseudonym;
}
