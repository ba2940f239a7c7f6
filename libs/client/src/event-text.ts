import { quietly } from './quiet.ts';
import { writeMember, type Budget } from './write-json.ts';

/** As the gateway has it: 1 to 200 characters, none of them a control character or half a surrogate pair. */
const EVENT_NAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const encoder = new TextEncoder();

/** What an event is made of. */
export interface EventParts {
  readonly event: unknown;
  readonly eventId: string;
  readonly installationId: string | undefined;
  readonly occurredAt: Date;
  /** Later ones win. */
  readonly properties: readonly unknown[];
}

/** One event as the JSON text that is sent, and its size. */
export interface EventText {
  readonly text: string;
  readonly bytes: number;
}

/**
 * Writes an event down at once, so that what the program does to its objects afterwards changes nothing.
 *
 * Guarantee: a property that cannot be written is left out and the others stay; looks at no more than `maxBytes` things.
 *
 * @returns undefined when the name is none, or when the event is over `maxBytes`.
 */
export function toEventText(parts: EventParts, maxBytes: number): EventText | undefined {
  const { event, eventId, installationId, occurredAt } = parts;
  if (typeof event !== 'string' || !EVENT_NAME.test(event)) return undefined;
  const properties = writeProperties(parts.properties, { left: maxBytes });
  if (properties === undefined) return undefined;
  const envelope = JSON.stringify({
    event,
    event_id: eventId,
    installation_id: installationId,
    occurred_at: occurredAt.toISOString(),
  });
  const text = `${envelope.slice(0, -1)},"properties":{${properties}}}`;
  const bytes = encoder.encode(text).length;
  return bytes <= maxBytes ? { text, bytes } : undefined;
}

/** Members of one object out of several; each is written by itself, so that one that fails costs no other. */
function writeProperties(sources: readonly unknown[], budget: Budget): string | undefined {
  const members = new Map<string, string>();
  for (const source of sources) {
    for (const key of keysOf(source)) {
      const member = writeMember(source as object, key, budget);
      if (budget.left < 0) return undefined;
      if (member !== undefined) members.set(key, member);
    }
  }
  return [...members.values()].join(',');
}

/** What is no object, or is a list of some kind, has no properties; a proxy may refuse to say. */
function keysOf(source: unknown): readonly string[] {
  return quietly([], () => {
    if (typeof source !== 'object' || source === null) return [];
    const isList = Array.isArray(source) || ArrayBuffer.isView(source) || source instanceof String;
    return isList ? [] : Object.keys(source);
  });
}
