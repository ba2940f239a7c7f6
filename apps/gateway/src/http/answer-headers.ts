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

/** Whether clients of a project send to, or ask at, this path. All others are the operator's. */
export function isForClients(request: FastifyRequest): boolean {
  // by the route that serves it, not by the text of the URL: that can be written in many ways
  return !OWN_ROUTES.test(request.routeOptions.url ?? '/');
}

function defaultsFor(request: FastifyRequest): Headers {
  if (isForClients(request))
    // Browsers refuse a `no-cors` answer (a beacon's) of another origin that does not say this, and the library sends again.
    return { ...DEFAULTS, 'cross-origin-resource-policy': 'cross-origin' };
  const own = { ...DEFAULTS, 'cross-origin-resource-policy': 'same-origin' };
  return request.routeOptions.url?.startsWith('/docs')
    ? { ...own, 'content-security-policy': DOCS_POLICY }
    : own;
}

/**
 * Headers on every answer of an application, refusals of the HTTP layer included: those that browsers' libraries need
 * and those that protect whoever looks. What an answer says itself goes before.
 */
export function addAnswerHeaders(
  fastify: FastifyInstance,
  corsHeadersFor: (request: FastifyRequest) => Headers,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isForClients(request)) void reply.headers(corsHeadersFor(request));
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    for (const [name, value] of Object.entries(defaultsFor(request)))
      if (!reply.hasHeader(name)) void reply.header(name, value);
    done();
  });
}
