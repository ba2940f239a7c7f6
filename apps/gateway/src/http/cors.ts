import type { IncomingHttpHeaders } from 'node:http';
import type { WireAnswer } from '@rollcall/dialects';

/** How long a browser may remember the answer to its preflight, in seconds. */
const PREFLIGHT_MAX_AGE = '86400';

/** A list of header names and nothing else: it is written back as it came. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+( *, *[\w!#$%&'*+.^`|~-]+)*$/;

type Headers = Readonly<Record<string, string>>;

/**
 * Headers that let a browser read the answer. The origin is mirrored, not `*`: a wildcard does not cover the
 * Authorization header that analytics-next sends, nor requests with credentials.
 *
 * @param origins of the project's catalogue; empty means any.
 */
export function corsHeaders(headers: IncomingHttpHeaders, origins: readonly string[]): Headers {
  const { origin } = headers;
  if (origin === undefined) return {};
  if (origins.length > 0 && !origins.includes(origin)) return { vary: 'Origin' };
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    // else a browser's library does not see when it may try again
    'access-control-expose-headers': 'Retry-After',
    vary: 'Origin',
  };
}

/** The answer to a preflight: methods of every dialect, the headers that were asked for. */
export function preflightAnswer(
  headers: IncomingHttpHeaders,
  origins: readonly string[],
): WireAnswer {
  const own = corsHeaders(headers, origins);
  const asked = headers['access-control-request-headers'];
  // A page that may not read learns nothing else either.
  if (own['access-control-allow-origin'] === undefined)
    return { status: 204, headers: own, body: '' };
  return {
    status: 204,
    headers: {
      ...own,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-max-age': PREFLIGHT_MAX_AGE,
      ...(asked !== undefined &&
        HEADER_NAMES.test(asked) && { 'access-control-allow-headers': asked }),
    },
    body: '',
  };
}
