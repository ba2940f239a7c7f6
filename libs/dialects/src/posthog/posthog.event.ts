import { correctSkew, type EventTime } from '../clock-skew.ts';
import type { EventNote } from '../dialect.ts';
import { shapeFault, type EventFault, type EventRead } from '../event-fault.ts';
import { notesOf, noteTime } from '../event-notes.ts';
import { readInstant } from '../instant.ts';
import { isObject, settle, type JsonObject } from '../json-value.ts';
import { ID_PATTERN, NAME_PATTERN } from '../text-patterns.ts';

/** The library that sent a request, as events say it. */
export interface Library {
  readonly $lib: string;
  readonly $lib_version: string;
}

/** What the events of one request share. */
export interface Envelope {
  readonly writeKey: string | undefined;
  /** Whether the key stands in the events themselves: then one with another key is not of this request. */
  readonly isKeyInEvents: boolean;
  /** Name of events that carry none; undefined where they must. */
  readonly defaultEvent: string | undefined;
  /** Undefined where the events say it themselves. */
  readonly library: Library | undefined;
  /** Epoch ms by the client's clock. */
  readonly sentAt: number | undefined;
  readonly receivedAt: number;
  readonly maxDepth: number;
}

/** As long as PostHog lets an id be. Longer ones are cut there and here, so that both see one installation. */
const MAX_DISTINCT_ID_LENGTH = 200;
const KEY_FIELDS = ['api_key', 'token', '$token'] as const;
const ID_FIELDS = ['distinct_id', '$distinct_id'] as const;
const ID_CHANGED: EventNote = { code: 'GW_ID_CHANGED', path: 'distinct_id' };

/**
 * One PostHog event.
 *
 * Shape: `properties` as sent, with the top-level `$set` and `$set_once` moved in (no person store stands behind this:
 * they are facts of the event), and capture V1's session and window ids under the names that they had before. The
 * project's key and the copy of the distinct id do not stay in them.
 */
export function readEvent(value: unknown, envelope: Envelope): EventRead {
  if (!isObject(value)) return shapeFault('', 'an event must be an object');
  const { event = envelope.defaultEvent, uuid } = value;
  const fault =
    faultOfShape(event, value['properties']) ??
    faultOfIds(value, uuid, envelope) ??
    settle(value, '', envelope.maxDepth);
  if (fault !== undefined) return fault;
  const sentId = firstIn(value, ID_FIELDS, toIdText) ?? '';
  const installationId = toUsableId(sentId);
  if (installationId === '') return shapeFault('distinct_id', 'is required');
  const time = timeOf(value, envelope);
  return {
    event: event as string,
    eventId: isMissing(uuid) ? undefined : (uuid as string),
    installationId,
    ...time,
    properties: tidy(value, envelope),
    notes: notesOf(
      installationId === sentId ? undefined : ID_CHANGED,
      noteTime(time, [value['timestamp'], value['offset']]),
    ),
  };
}

function faultOfShape(event: unknown, properties: unknown): EventFault | undefined {
  if (typeof event !== 'string' || !NAME_PATTERN.test(event))
    return shapeFault('event', 'must be text of 1 to 200 characters');
  if (isMissing(properties) || isObject(properties)) return undefined;
  return shapeFault('properties', 'must be an object');
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function faultOfIds(event: JsonObject, uuid: unknown, envelope: Envelope): EventFault | undefined {
  const ownKey = envelope.isKeyInEvents ? keyOf(event) : undefined;
  if (ownKey !== undefined && ownKey !== envelope.writeKey)
    return { code: 'GW_KEY_UNKNOWN', detail: 'not the key of this request' };
  if (isMissing(uuid) || (typeof uuid === 'string' && ID_PATTERN.test(uuid))) return undefined;
  return shapeFault('uuid', 'must be text of 1 to 256 characters');
}

/** The project's key in an object that may be an event or a whole body, or in its properties. */
export function keyOf(object: JsonObject): string | undefined {
  return firstIn(object, KEY_FIELDS, (value) =>
    typeof value === 'string' && value !== '' ? value : undefined,
  );
}

/** Looks at the object itself, then at its properties. */
function firstIn(
  object: JsonObject,
  fields: readonly string[],
  read: (value: unknown) => string | undefined,
): string | undefined {
  const { properties } = object;
  for (const place of [object, properties]) {
    if (!isObject(place)) continue;
    const found = fields.map((field) => read(place[field])).find((text) => text !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Empty when nothing is left. Glasskube's fallback id holds an error text, line ends and all: they are taken out. */
function toUsableId(id: string): string {
  return id
    .slice(0, MAX_DISTINCT_ID_LENGTH)
    .replace(/\p{Cc}/gu, '')
    .toWellFormed()
    .trim();
}

function toIdText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The browser says how long ago (`offset`), which needs no clock; the others say when, by theirs. */
function timeOf(event: JsonObject, envelope: Envelope): EventTime {
  const { offset } = event;
  const writtenAt = readInstant(event['timestamp']);
  if (writtenAt !== undefined) return correctSkew(writtenAt, envelope.sentAt, envelope.receivedAt);
  if (typeof offset !== 'number' || !(offset >= 0)) return { occurredAt: null };
  return { occurredAt: readInstant(envelope.receivedAt - offset) ?? null };
}

/** Changes the parsed properties in place: they belong to nobody else, and copies are what costs here. */
function tidy(event: JsonObject, { writeKey, library }: Envelope): JsonObject {
  const properties = isObject(event['properties']) ? event['properties'] : {};
  dropKeyAndId(properties, writeKey);
  moveIn(properties, '$set', event['$set']);
  moveIn(properties, '$set_once', event['$set_once']);
  if (!isMissing(event['session_id'])) properties['$session_id'] ??= event['session_id'];
  if (!isMissing(event['window_id'])) properties['$window_id'] ??= event['window_id'];
  return library === undefined ? properties : { ...library, ...properties };
}

function dropKeyAndId(properties: JsonObject, writeKey: string | undefined): void {
  for (const field of KEY_FIELDS)
    if (writeKey !== undefined && properties[field] === writeKey) delete properties[field];
  for (const field of ID_FIELDS) if (field in properties) delete properties[field];
}

/** What the properties say themselves wins. */
function moveIn(properties: JsonObject, field: string, moved: unknown): void {
  if (!isObject(moved)) return;
  const inner = properties[field];
  properties[field] = isObject(inner) ? { ...moved, ...inner } : moved;
}
