import { correctSkew, type EventTime } from '../clock-skew.ts';
import { shapeFault, type EventFault, type EventRead } from '../event-fault.ts';
import { notesOf, noteTime } from '../event-notes.ts';
import { readInstant } from '../instant.ts';
import { isObject, settle, type JsonObject } from '../json-value.ts';
import { ID_PATTERN, NAME_PATTERN } from '../text-patterns.ts';
import { isCall, type Call } from './segment.paths.ts';

/** What the messages of one request share. */
export interface Envelope {
  /** The call that the path names; undefined in a batch, whose messages say it themselves. */
  readonly call: Call | undefined;
  /** The batch's context: it stands for every key that a message's own context lacks. */
  readonly context: JsonObject | undefined;
  /** Epoch ms by the client's clock. */
  readonly sentAt: number | undefined;
  readonly receivedAt: number;
  readonly maxDepth: number;
}

const ID_FIELDS = ['anonymousId', 'userId', 'groupId', 'previousId', 'messageId'] as const;
type Ids = Partial<Record<(typeof ID_FIELDS)[number], string>>;

/**
 * One message of Segment's protocol to an event.
 *
 * Shape: `track` keeps its own event name, the other calls are `$identify`, `$page`, `$screen`, `$group`, `$alias`. The
 * properties are at the top; what Segment keeps beside them goes in under a `$` name: `$context`, `$traits`,
 * `$user_id` (when it differs from the installation), `$group_id`, `$previous_id`, `$name`, `$category`.
 * @see https://segment.com/docs/connections/spec/
 */
export function readMessage(message: unknown, envelope: Envelope): EventRead {
  if (!isObject(message)) return shapeFault('', 'a message must be an object');
  const call = envelope.call ?? message['type'];
  if (!isCall(call)) return shapeFault('type', 'must be a call of the Segment spec');
  const ids = idsOf(message);
  const fault = faultOfFields(message, call) ?? faultOfIds(message, ids, call);
  const settled = fault ?? settle(message, '', envelope.maxDepth);
  if (settled !== undefined) return settled;
  const time = timeOf(message, envelope);
  return {
    event: call === 'track' ? (message['event'] as string) : `$${call}`,
    eventId: ids.messageId,
    installationId: ids.anonymousId ?? ids.userId ?? '',
    ...time,
    properties: propertiesOf(message, call, ids, envelope.context),
    notes: notesOf(noteTime(time, [message['originalTimestamp'], message['timestamp']])),
  };
}

/** Ids may be numbers in loosely typed languages; null and empty text stand for none. */
function idsOf(message: JsonObject): Ids {
  const ids: Ids = {};
  for (const field of ID_FIELDS) {
    const value = message[field];
    if (typeof value === 'string' && ID_PATTERN.test(value)) ids[field] = value;
    else if (typeof value === 'number' && Number.isFinite(value)) ids[field] = String(value);
  }
  return ids;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function faultOfIds(message: JsonObject, ids: Ids, call: Call): EventFault | undefined {
  for (const field of ID_FIELDS)
    if (ids[field] === undefined && !isMissing(message[field]))
      return shapeFault(field, 'must be text of 1 to 256 characters');
  if (ids.anonymousId === undefined && ids.userId === undefined)
    return shapeFault('userId', 'one of userId and anonymousId is required');
  if (call === 'group' && ids.groupId === undefined) return shapeFault('groupId', 'is required');
  if (call === 'alias' && ids.previousId === undefined)
    return shapeFault('previousId', 'is required');
  return undefined;
}

function faultOfFields(message: JsonObject, call: Call): EventFault | undefined {
  const { event } = message;
  if (call === 'track' && !(typeof event === 'string' && NAME_PATTERN.test(event)))
    return shapeFault('event', 'must be text of 1 to 200 characters');
  for (const field of ['properties', 'traits', 'context'])
    if (!isMissing(message[field]) && !isObject(message[field]))
      return shapeFault(field, 'must be an object');
  return undefined;
}

function timeOf(message: JsonObject, envelope: Envelope): EventTime {
  const writtenAt = readInstant(message['originalTimestamp']) ?? readInstant(message['timestamp']);
  const sentAt = readInstant(message['sentAt']) ?? envelope.sentAt;
  return correctSkew(writtenAt, sentAt, envelope.receivedAt);
}

/** Adds to the parsed properties in place: they belong to nobody else, and copies are what costs here. */
function propertiesOf(
  message: JsonObject,
  call: Call,
  ids: Ids,
  batchContext: JsonObject | undefined,
): JsonObject {
  const properties = isObject(message['properties']) ? message['properties'] : {};
  const traits = message['traits'];
  const context = mergeContext(message['context'], batchContext);
  if (context !== undefined) properties['$context'] = context;
  if (isObject(traits)) properties['$traits'] = traits;
  addIds(properties, ids);
  if (call === 'page' || call === 'screen') addName(properties, message);
  return properties;
}

function addIds(properties: JsonObject, { anonymousId, userId, groupId, previousId }: Ids): void {
  if (anonymousId !== undefined && userId !== undefined && userId !== anonymousId)
    properties['$user_id'] = userId;
  if (groupId !== undefined) properties['$group_id'] = groupId;
  if (previousId !== undefined) properties['$previous_id'] = previousId;
}

function addName(properties: JsonObject, message: JsonObject): void {
  if (!isMissing(message['name'])) properties['$name'] = message['name'];
  if (!isMissing(message['category'])) properties['$category'] = message['category'];
}

function mergeContext(own: unknown, ofBatch: JsonObject | undefined): JsonObject | undefined {
  if (!isObject(own)) return ofBatch;
  return ofBatch === undefined ? own : { ...ofBatch, ...own };
}
