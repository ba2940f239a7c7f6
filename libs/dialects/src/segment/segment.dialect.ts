import { statusOf, type HttpCode } from '@rollcall/contracts-transport';
import { basicUser } from '../credentials.ts';
import type { DecodeOutcome, Dialect, WireAnswer, WireRequest } from '../dialect.ts';
import { readEvents } from '../event-list.ts';
import { readInstant } from '../instant.ts';
import { readJsonBody, refused } from '../json-body.ts';
import { isObject, isPoisoned, settle, type JsonObject } from '../json-value.ts';
import { readMessage, type Envelope } from './segment.message.ts';
import { routeOf, type SegmentRoute } from './segment.paths.ts';

/** Segment's HTTP tracking API, as its libraries and RudderStack's speak it. */
export const segmentDialect: Dialect = {
  name: 'segment',
  methodsOf,
  allowsEmptyBody: (path) => ['settings', 'library_metrics'].includes(routeOf(path)?.kind ?? ''),
  decode: decodeSegment,
  // Segment answers success for events that it cannot use: a library would only send them again, and again
  answer: () => json(200, { success: true }),
  answerRefusal: (code: HttpCode, detail: string) =>
    json(statusOf(code), { success: false, code, message: detail }),
};

function methodsOf(path: string): readonly string[] | undefined {
  const route = routeOf(path);
  if (route === undefined) return undefined;
  return route.kind === 'settings' ? ['GET'] : ['POST'];
}

function json(status: number, body: JsonObject): WireAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function decodeSegment(request: WireRequest): DecodeOutcome {
  const route = routeOf(request.path);
  if (route === undefined) return refused('GW_PATH_UNKNOWN');
  if (route.kind === 'settings')
    return { kind: 'answered', answer: json(200, settingsOf(route.writeKey)) };
  if (route.kind === 'library_metrics')
    return { kind: 'answered', answer: json(200, { success: true }) };
  const body = readJsonBody(request);
  if (!body.ok) return refused(body.code);
  if (!isObject(body.value)) return refused('GW_BODY_SHAPE', 'the body must be an object');
  // a message of its own is judged as one; this is what stands around a batch
  if (route.kind === 'batch' && isPoisoned(body.value)) return refused('GW_KEY_FORBIDDEN');
  return decodeMessages(request, route, body.value);
}

function decodeMessages(
  request: WireRequest,
  route: SegmentRoute,
  body: JsonObject,
): DecodeOutcome {
  const { maxDepth, maxEvents } = request.limits;
  const messages = route.kind === 'batch' ? body['batch'] : [body];
  if (!Array.isArray(messages)) return refused('GW_BODY_SHAPE', 'batch must be an array');
  if (messages.length > maxEvents) return refused('GW_TOO_MANY_EVENTS');
  const context = route.kind === 'batch' && isObject(body['context']) ? body['context'] : undefined;
  const fault = context === undefined ? undefined : settle(context, 'context', maxDepth);
  if (fault !== undefined) return refused(fault.code, fault.detail);
  const envelope: Envelope = {
    call: route.kind === 'message' ? route.call : undefined,
    context,
    sentAt: readInstant(body['sentAt']),
    receivedAt: request.receivedAt,
    maxDepth,
  };
  return readEvents(
    messages,
    (message) => readMessage(message, envelope),
    writeKeyOf(request, body),
  );
}

/** Most specific first: a browser that cannot set headers has only the body, a beacon only the address. */
function writeKeyOf(request: WireRequest, body: JsonObject): string | undefined {
  const inBody = body['writeKey'];
  return (
    basicUser(request.headers) ??
    (typeof inBody === 'string' && inBody !== '' ? inBody : undefined) ??
    (request.query.get('writeKey') || undefined)
  );
}

/** What the browser library asks for before it sends: no destinations, no plugins, nothing to sample. */
function settingsOf(writeKey: string): JsonObject {
  return {
    integrations: { 'Segment.io': { apiKey: writeKey, unbundledIntegrations: [] } },
    plan: { track: {}, identify: {}, group: {} },
    edgeFunction: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    remotePlugins: [],
    legacyVideoPluginsEnabled: false,
    analyticsNextEnabled: true,
  };
}
