import { deadLetter, drop, ok, type Step } from '@rollcall/pipeline';
import type { KnownEvent, ReadEvent } from '../event-stages.ts';
import type { ProjectPolicy } from '../policy.ts';
import type { KeysOf } from '../project-keys.ts';

/** The law and the keys, by project. */
export interface PolicySource {
  readonly policies: ReadonlyMap<string, ProjectPolicy>;
  /** Asked for each event, so that a rotated keyring is used from the next event on. */
  readonly keysOf: KeysOf;
}

/**
 * Lets through only events that the catalogue names. Others become `drop('AN_PROJECT_UNKNOWN')` or
 * `drop('AN_EVENT_UNKNOWN')`; an event of a project without keys becomes a dead letter: nothing passes unkeyed.
 */
export function createRefuseUnknownEventStep(source: PolicySource): Step<ReadEvent, KnownEvent> {
  return function refuseUnknownEvent({ raw, coordinates, drops }) {
    const policy = source.policies.get(raw.project);
    if (policy === undefined) return drop('AN_PROJECT_UNKNOWN');
    const fieldsPolicy = policy.events.get(raw.event);
    if (fieldsPolicy === undefined) return drop('AN_EVENT_UNKNOWN');
    const keys = source.keysOf(raw.project);
    if (keys === undefined) return deadLetter('AN_KEYRING_INVALID');
    return ok({ raw, coordinates, drops, policy, fieldsPolicy, keys });
  };
}
