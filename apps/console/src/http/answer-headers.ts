import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * What a page of the console may do: run its own scripts and ask its own origin. `style-src-attr` is for uPlot, which
 * places its axes by style attributes.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DEFAULTS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-frame-options': 'DENY',
};

/** Public answers are the same for everybody for a while; what is behind the sign-in is kept nowhere. */
const SHARED = 'public, max-age=60';
const PRIVATE = 'no-store';

function cacheControl({ routeOptions, method }: FastifyRequest, reply: FastifyReply): string {
  const isPublic = (routeOptions.url ?? '').startsWith('/api/');
  return isPublic && method === 'GET' && reply.statusCode === 200 ? SHARED : PRIVATE;
}

/** Puts the headers on every answer, where the answer does not say otherwise itself. */
export function addAnswerHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    for (const [name, value] of Object.entries(DEFAULTS))
      if (!reply.hasHeader(name)) void reply.header(name, value);
    if (!reply.hasHeader('cache-control'))
      void reply.header('cache-control', cacheControl(request, reply));
    done();
  });
}
