import type { DialectName } from '@rollcall/contracts-catalogue';
import type { RawSample } from '@rollcall/contracts-raw';
import type { HttpCode } from '@rollcall/contracts-transport';

/** A request as a dialect sees it: already whole, within its limits and inflated. Nothing in it is trusted. */
export interface WireRequest {
  readonly method: string;
  /** Path below the host or the prefix `/p/<project>`, with its leading slash and without a trailing one (`/` stays). */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. The gateway passes only what a dialect may read: never cookies, addresses or forwarded-for. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The gateway's time, epoch ms. */
  readonly receivedAt: number;
  readonly limits: WireLimits;
}

/** What a request may ask of the gateway. */
export interface WireLimits {
  /** How deep the values of one event may nest. */
  readonly maxDepth: number;
  /** Events of one request. */
  readonly maxEvents: number;
  /** Body after inflation, for dialects whose clients compress without saying so. */
  readonly maxBodyBytes: number;
}

/** An event read from the wire, before it is known to belong to a project's catalogue. */
export interface WireEvent {
  readonly event: string;
  /** Id from the wire; undefined when it has none: the gateway then makes one (`stableIdentity` says how). */
  readonly eventId: string | undefined;
  /** Empty when the event names no installation. */
  readonly installationId: string;
  /** Epoch ms by the client's clock (corrected where the dialect can); null when the wire has none. */
  readonly occurredAt: number | null;
  /**
   * The client's time as it was written, epoch ms, where `occurredAt` was corrected by the time of arrival: equal for a
   * retry, so this is what an event id may be made from. Absent means `occurredAt` itself is.
   */
  readonly writtenAt?: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly samples?: readonly RawSample[];
  /** What had to be changed so that the event could be kept. It is counted; nothing of it is stored with the event. */
  readonly notes?: readonly EventNote[] | undefined;
}

/** Something of a kept event that is not as it was sent. */
export interface EventNote {
  readonly code: HttpCode;
  /** Name of the field or label, never its value. */
  readonly path: string;
}

/** One event of a request that is refused, by its place in the request. `detail` names fields, never their values. */
export interface WireRejection {
  readonly index: number;
  readonly code: HttpCode;
  readonly detail: string;
}

/** What a dialect read. `events[i]` was the request's event number `indexes[i]`. */
export interface Decoded {
  readonly kind: 'decoded';
  readonly events: readonly WireEvent[];
  readonly indexes: readonly number[];
  readonly rejected: readonly WireRejection[];
  /** Write key in clear, from wherever this dialect carries it. Never stored, never logged. */
  readonly writeKey?: string;
  /** An answer that needs what was read, in place of {@link Dialect.answer}. */
  readonly answer?: (result: IngestResult) => WireAnswer;
}

/** The request as a whole cannot be read. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: HttpCode;
  readonly detail: string;
}

/** Nothing to store: answer with this (feature flags, settings, probes). */
export interface Answered {
  readonly kind: 'answered';
  readonly answer: WireAnswer;
}

/** What reading a request comes to. Data problems are in it; nothing is thrown. */
export type DecodeOutcome = Decoded | Refused | Answered;

/** An HTTP answer, whole. Header names are lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of a request, for the dialect to put into its own words. */
export interface IngestResult {
  readonly acceptedCount: number;
  readonly rejected: readonly WireRejection[];
}

/**
 * One wire dialect: bytes to events, and an outcome to the bytes its clients expect.
 *
 * Guarantee: pure (no clock, no I/O), never throws for data, and one bad event never costs its neighbours.
 * @see docs/architecture/dialects.md
 */
export interface Dialect {
  readonly name: DialectName;
  /** Methods that a path of this dialect takes; undefined when the path is not one of its own. */
  readonly methodsOf: (path: string) => readonly string[] | undefined;
  /**
   * Reads a request whose path and method {@link methodsOf} knows; OPTIONS never gets here.
   * The gateway has already refused an empty body unless {@link allowsEmptyBody}.
   */
  readonly decode: (request: WireRequest) => DecodeOutcome;
  /** Whether a request to this path may come without a body (settings, flags by GET, data in the query). */
  readonly allowsEmptyBody: (path: string) => boolean;
  /** The answer once all accepted events are durable. {@link Decoded.answer} goes before it. */
  readonly answer: (result: IngestResult, request: WireRequest) => WireAnswer;
  /**
   * The answer when the request as a whole is refused or nothing can be stored. Dialects without it, whose clients have
   * no opinion, get problem details (RFC 9457).
   */
  readonly answerRefusal?: (code: HttpCode, detail: string) => WireAnswer;
}
