import { statusOf, titleOf, type HttpCode } from '@rollcall/contracts-transport';
import { bearerToken } from '../credentials.ts';
import type {
  Decoded,
  DecodeOutcome,
  Dialect,
  IngestResult,
  WireAnswer,
  WireRequest,
} from '../dialect.ts';
import { readEvents } from '../event-list.ts';
import { readInstant } from '../instant.ts';
import { refused } from '../json-body.ts';
import { isObject, isPoisoned, type JsonObject } from '../json-value.ts';
import { answerCollectOnly, json } from './collect-only.ts';
import { readPostHogBody } from './posthog.body.ts';
import { keyOf, readEvent, type Envelope, type Library } from './posthog.event.ts';
import { methodsOf, routeOf, type PostHogRoute } from './posthog.paths.ts';

/** PostHog's capture API of all its libraries, old and new, on a server that only collects. */
export const posthogDialect: Dialect = {
  name: 'posthog',
  methodsOf,
  // settings have no body, and old browsers put events into the address
  allowsEmptyBody: () => true,
  decode: decodePostHog,
  answer: answerCapture,
  answerRefusal: (code, detail) => json(statusOf(code), errorOf(code, detail)),
};

/**
 * PostHog's words for "that is no event" are a 400. An event that only this server does not want is no reason for one:
 * posthog-go before 1.6 sends a batch ten times for any status from 300 on.
 */
function answerCapture({ acceptedCount, rejected }: IngestResult): WireAnswer {
  const [first] = rejected;
  if (acceptedCount > 0 || first === undefined) return json(200, { status: 'Ok' });
  if (rejected.some(({ code }) => code !== 'GW_EVENT_SHAPE')) return json(200, { status: 'Ok' });
  return json(400, errorOf(first.code, first.detail));
}

function errorOf(code: HttpCode, detail: string): JsonObject {
  const type = statusOf(code) === 401 ? 'authentication_error' : 'validation_error';
  return { type, code, detail, attr: null };
}

function decodePostHog(request: WireRequest): DecodeOutcome {
  const route = routeOf(request.path);
  if (route === undefined) return refused('GW_PATH_UNKNOWN');
  const answer = answerCollectOnly(route, request.query.get('config') === 'true');
  if (answer !== undefined) return { kind: 'answered', answer };
  // a 4xx, so that no browser tries again; not read, so that nothing of it is ever in memory as text
  if (route.kind === 'replay') return refused('GW_NOT_COLLECTED', 'session recordings');
  const body = readPostHogBody(request);
  return body.ok ? decodeBody(request, route, body.value) : refused(body.code);
}

function decodeBody(request: WireRequest, route: PostHogRoute, body: unknown): DecodeOutcome {
  // an event that stands alone is judged as one; this is what stands around a batch
  if (isObject(body) && 'batch' in body && isPoisoned(body)) return refused('GW_KEY_FORBIDDEN');
  const events = eventsOf(body);
  if (events === undefined) return refused('GW_BODY_SHAPE', 'no event and no batch');
  if (events.length === 0) return refused('GW_BODY_SHAPE', 'the batch is empty');
  if (events.length > request.limits.maxEvents) return refused('GW_TOO_MANY_EVENTS');
  const envelope = envelopeOf(request, route, isObject(body) ? body : {}, events);
  const decoded = readEvents(events, (event) => readEvent(event, envelope), envelope.writeKey);
  return route.kind === 'capture_v1' ? withAnswers(decoded, events) : decoded;
}

/** A batch in its envelope, the queue of an old browser, or one event. */
function eventsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body as readonly unknown[];
  if (!isObject(body)) return undefined;
  const { batch } = body;
  if (batch === undefined) return [body];
  return Array.isArray(batch) ? (batch as readonly unknown[]) : undefined;
}

function envelopeOf(
  request: WireRequest,
  route: PostHogRoute,
  outer: JsonObject,
  events: readonly unknown[],
): Envelope {
  const sharedKey = bearerToken(request.headers) ?? keyOf(outer);
  const { query } = request;
  const inQuery = query.get('api_key') ?? query.get('token');
  return {
    writeKey: sharedKey ?? firstKey(events) ?? (inQuery || undefined),
    isKeyInEvents: sharedKey === undefined,
    defaultEvent: route.kind === 'capture' ? route.event : undefined,
    library: libraryOf(request.headers),
    sentAt: sentAtOf(request, outer),
    receivedAt: request.receivedAt,
    maxDepth: request.limits.maxDepth,
  };
}

/** Capture V1 takes `$lib` and `$lib_version` out of every event and says them once, in a header. */
function libraryOf(headers: WireRequest['headers']): Library | undefined {
  const match = /^([\w.-]{1,64})\/([\w.+-]{1,64})$/.exec(headers['posthog-sdk-info'] ?? '');
  return match ? { $lib: match[1] as string, $lib_version: match[2] as string } : undefined;
}

/** By the client's clock: a header in capture V1, a member of the batch, or in the address of browsers. */
function sentAtOf({ headers, query }: WireRequest, outer: JsonObject): number | undefined {
  const inQuery = /^\d{13}$/.exec(query.get('sent_at') ?? query.get('_') ?? '')?.[0];
  return (
    readInstant(headers['posthog-request-timestamp']) ??
    readInstant(outer['sent_at']) ??
    readInstant(outer['created_at']) ??
    (inQuery === undefined ? undefined : Number(inQuery))
  );
}

function firstKey(events: readonly unknown[]): string | undefined {
  for (const event of events) {
    const key = isObject(event) ? keyOf(event) : undefined;
    if (key !== undefined) return key;
  }
  return undefined;
}

/** Capture V1 is told event by event. Of two events with one id one is in: that is what the client wants to know. */
function withAnswers(decoded: Decoded, events: readonly unknown[]): Decoded {
  const uuids = events.map((event) => (isObject(event) ? event['uuid'] : undefined));
  return {
    ...decoded,
    answer({ rejected }) {
      const dropped = new Map(rejected.map(({ index, code }) => [index, code]));
      const results = uuids.flatMap((uuid, index) =>
        typeof uuid === 'string' ? [[uuid, resultOf(dropped.get(index))] as const] : [],
      );
      return json(200, { results: Object.fromEntries(results) });
    },
  };
}

function resultOf(code: HttpCode | undefined): JsonObject {
  if (code === undefined || code === 'GW_EVENT_ID_DUPLICATE') return { result: 'ok' };
  return { result: 'drop', details: titleOf(code) };
}
