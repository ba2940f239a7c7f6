import type { FastifyInstance, FastifyRequest } from 'fastify';

type Headers = Readonly<Record<string, string>>;

/** On every answer, also on those that are written before there is a request. */
export const SECURITY_HEADERS: Headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** For answers that say nothing of it themselves: what was sent is nobody else's, and nothing here is to be framed. */
const DEFAULTS: Headers = {
  ...SECURITY_HEADERS,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Routes for operators and readers. No page of another origin has any business there. */
const OWN_ROUTES = /^\/(docs|metrics|health)\b/;
/** The pages of the API's documentation bring scripts and styles of their own, from here and nowhere else. */
const DOCS_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; frame-ancestors 'none'";

/** What is known of a route once for all requests to it. */
interface RouteAnswers {
  /** Whether clients of a project send to, or ask at, it. All others are the operator's. */
  readonly isForClients: boolean;
  readonly defaults: Headers;
}

const routes = new Map<string, RouteAnswers>();

function describeRoute(url: string): RouteAnswers {
  if (!OWN_ROUTES.test(url))
    return {
      isForClients: true,
      // Browsers refuse a `no-cors` answer (a beacon's) of another origin that does not say this, and the library sends again.
      defaults: { ...DEFAULTS, 'cross-origin-resource-policy': 'cross-origin' },
    };
  const own = { ...DEFAULTS, 'cross-origin-resource-policy': 'same-origin' };
  const isDocs = url.startsWith('/docs');
  return {
    isForClients: false,
    defaults: isDocs ? { ...own, 'content-security-policy': DOCS_POLICY } : own,
  };
}

/** By the route that serves a request, not by the text of its URL: that can be written in many ways. */
function answersOf(request: FastifyRequest): RouteAnswers {
  const url = request.routeOptions.url ?? '/';
  let answers = routes.get(url);
  if (answers === undefined) routes.set(url, (answers = describeRoute(url)));
  return answers;
}

/** Whether clients of a project send to, or ask at, this path. All others are the operator's. */
export function isForClients(request: FastifyRequest): boolean {
  return answersOf(request).isForClients;
}

/**
 * Headers on every answer of an application, refusals of the HTTP layer included: those that browsers' libraries need
 * and those that protect whoever looks. They are set before anything else, so what an answer says itself replaces them.
 */
export function addAnswerHeaders(
  fastify: FastifyInstance,
  corsHeadersFor: (request: FastifyRequest) => Headers,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const answers = answersOf(request);
    void reply.headers(answers.defaults);
    if (answers.isForClients) void reply.headers(corsHeadersFor(request));
    done();
  });
}
