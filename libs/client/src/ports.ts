/**
 * Where one installation keeps its choice and its id: a single text of at most some hundred characters.
 *
 * Both functions may throw. `read` returns `null` when nothing was ever stored; when it throws, a choice may have been
 * made that cannot be seen, and nothing is sent. `write` replaces the whole text.
 */
export interface ClientStorage {
  readonly read: () => string | null;
  readonly write: (text: string) => void;
}

/** One request of the kit: always a POST, exactly these headers and this body. */
export interface ClientRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back: the status, `Retry-After` as sent, and the body as far as it was read. */
export interface ClientAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/**
 * Sends one request. It rejects, or never settles, when there is no answer: the kit puts a time limit around it.
 *
 * Must not follow redirects: they turn a POST into a GET without a body.
 */
export interface ClientTransport {
  readonly send: (request: ClientRequest, signal: AbortSignal) => Promise<ClientAnswer>;
  /** Frees what is kept open between requests. */
  readonly close?: () => void;
}

/** Why something outside the program keeps telemetry off. */
export type Refusal = 'do-not-track' | 'opt-out-variable' | 'ci' | 'browser-signal';

/** What the kit needs from where it runs: Node or a browser. */
export interface Surroundings {
  readonly refusal: Refusal | undefined;
  /** `undefined` when there is no place to store anything. */
  readonly storage: ClientStorage | undefined;
  readonly transport: ClientTransport;
  /** What events are sent as. */
  readonly contentType: string;
  readonly randomUuid: () => string;
  /** Set when requests are to be shown and not sent. */
  readonly print: ((text: string) => void) | undefined;
  /** Calls back when the page may be gone soon; returns how to stop listening. */
  readonly onLeave: (leave: () => void) => () => void;
}
