import type { Parsed } from '@rollcall/codec';
import { titleOf } from '@rollcall/contracts-transport';
import { basicUser, bearerToken } from '../credentials.ts';
import type { DecodeOutcome, WireRequest } from '../dialect.ts';
import { shapeFault, type EventFault, type EventRead } from '../event-fault.ts';
import { readEvents } from '../event-list.ts';
import { parseInstant } from '../instant.ts';
import { parseBody, readText, refused } from '../json-body.ts';
import { isObject, settle, type JsonObject } from '../json-value.ts';
import { ID_PATTERN, NAME_PATTERN } from '../text-patterns.ts';

const FIELDS = new Set(['event', 'event_id', 'installation_id', 'occurred_at', 'properties']);
const LINES_TYPE = /^application\/(?:x-)?(?:ndjson|jsonl|json-?lines)\b/i;

/** One event, an array of events, or NDJSON: told apart by the body, Content-Type is a hint at most. */
export function decodeNative(request: WireRequest): DecodeOutcome {
  const text = readText(request.body, request.limits.maxBodyBytes);
  if (!text.ok) return refused(text.code);
  const { maxEvents, maxDepth } = request.limits;
  const items = splitEvents(request, text.value);
  if (!items.ok) return refused(items.code);
  if (items.value.length === 0) return refused('GW_BODY_SHAPE', 'the body holds no event');
  if (items.value.length > maxEvents) return refused('GW_TOO_MANY_EVENTS');
  return readEvents(
    items.value,
    (item) =>
      item.ok
        ? readNativeEvent(item.value, maxDepth)
        : { code: item.code, detail: titleOf(item.code) },
    writeKeyOf(request),
  );
}

/** For projects that want one: a header of its own, or either kind of HTTP credentials. */
function writeKeyOf({ headers }: WireRequest): string | undefined {
  return headers['x-write-key'] || (bearerToken(headers) ?? basicUser(headers));
}

type Items = Parsed<readonly Parsed<unknown>[]>;

function splitEvents({ headers, limits }: WireRequest, text: string): Items {
  if (isLines(text, headers['content-type'] ?? ''))
    return { ok: true, value: parseLines(text, limits.maxEvents) };
  return parseWhole(text);
}

function parseWhole(text: string): Items {
  const body = parseBody(text);
  if (!body.ok) return body;
  const values: readonly unknown[] = Array.isArray(body.value) ? body.value : [body.value];
  return { ok: true, value: values.map((value) => ({ ok: true, value })) };
}

/** Each line is parsed, and fails, by itself. Stops at the first that is too many. */
function parseLines(text: string, maxCount: number): readonly Parsed<unknown>[] {
  const items: Parsed<unknown>[] = [];
  for (const line of linesOf(text)) {
    if (items.length > maxCount) break;
    items.push(parseBody(line));
  }
  return items;
}

/** The lines that hold something, one after the other: nobody splits four million line ends to refuse them. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const line = text.slice(start, end).trim();
    if (line !== '') yield line;
    start = end + 1;
  }
}

/** One of the first two lines is a whole object: a broken first line must not hide what the rest is. */
function isLines(text: string, contentType: string): boolean {
  if (LINES_TYPE.test(contentType)) return true;
  if (!text.includes('\n') || /^\s*\[/.test(text)) return false;
  return parseLines(text, 1).some((line) => line.ok && isObject(line.value));
}

/**
 * Checks one event by hand against what {@link NativeEventSchema} says: this is the hot path.
 *
 * Guarantee: same verdict as the schema, plus what {@link settle} refuses inside `properties`.
 */
export function readNativeEvent(value: unknown, maxDepth: number): EventRead {
  if (!isObject(value)) return shapeFault('', 'an event must be an object');
  const { event, event_id: eventId, installation_id: installationId, properties } = value;
  const time = value['occurred_at'];
  const occurredAt = typeof time === 'string' ? parseInstant(time) : undefined;
  if (time !== undefined && occurredAt === undefined)
    return shapeFault('occurred_at', 'must be an RFC 3339 timestamp with an offset');
  const fault = faultOfEnvelope(value) ?? faultOfProperties(properties, maxDepth);
  if (fault !== undefined) return fault;
  return {
    event: event as string,
    eventId: eventId as string | undefined,
    installationId: (installationId as string | undefined) ?? '',
    occurredAt: occurredAt ?? null,
    properties: (properties as JsonObject | undefined) ?? {},
  };
}

function faultOfEnvelope(event: JsonObject): EventFault | undefined {
  for (const key in event) {
    if (key === '__proto__') return { code: 'GW_KEY_FORBIDDEN', detail: '__proto__' };
    if (!FIELDS.has(key)) return shapeFault(key, 'no such field');
  }
  if (!isText(event['event'], NAME_PATTERN))
    return shapeFault('event', 'must be text of 1 to 200 characters');
  return faultOfId(event, 'event_id') ?? faultOfId(event, 'installation_id');
}

function faultOfId(event: JsonObject, key: string): EventFault | undefined {
  if (event[key] === undefined || isText(event[key], ID_PATTERN)) return undefined;
  return shapeFault(key, 'must be text of 1 to 256 characters');
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function faultOfProperties(properties: unknown, maxDepth: number): EventFault | undefined {
  if (properties === undefined) return undefined;
  if (!isObject(properties)) return shapeFault('properties', 'must be an object');
  return settle(properties, 'properties', maxDepth);
}
