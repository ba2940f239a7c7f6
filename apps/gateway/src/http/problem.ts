import { titleOf, type HttpCode } from '@rollcall/contracts-transport';
import { problemAnswer, type WireAnswer } from '@rollcall/dialects';

/** What to do about it, where the code alone does not say. */
const HINTS: Partial<Record<HttpCode, string>> = {
  GW_PROJECT_UNKNOWN: 'Send to /p/<project>/…, to the project’s own host, or with its write key.',
  GW_PATH_UNKNOWN: 'GET /docs lists the paths.',
  GW_UNAVAILABLE: 'Send the same request again after the time in Retry-After; it is stored once.',
  GW_BODY_EMPTY: 'Send the event as the body.',
};

/** A request that ends with a code instead of the answer its dialect gives. */
export class Problem extends Error {
  readonly code: HttpCode;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Set by whoever has counted it, so that nobody counts it again. */
  isCounted = false;

  constructor(code: HttpCode, detail?: string, headers: Readonly<Record<string, string>> = {}) {
    super(titleOf(code));
    this.code = code;
    this.detail = detail ?? HINTS[code] ?? titleOf(code);
    this.headers = headers;
  }
}

/** Problem details (RFC 9457) of a problem, with its extra headers (Retry-After, Allow). */
export function toProblemAnswer({ code, detail, headers }: Problem): WireAnswer {
  const answer = problemAnswer(code, detail);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
