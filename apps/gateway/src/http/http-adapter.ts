import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { HttpCode } from '@rollcall/contracts-transport';
import type { GatewayConfig } from '../gateway.config.ts';
import { SECURITY_HEADERS } from './answer-headers.ts';
import { Problem, toProblemAnswer } from './problem.ts';

const CHECK_INTERVAL_MS = 500;
/** `type/subtype`, with or without parameters. */
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64} *(;|$)/;

/** Path and query of a request line. A proxy may leave the absolute form in it (`GET http://host/ HTTP/1.1`). */
function toOriginForm(url: string | undefined): string {
  if (url === undefined || url.startsWith('/')) return url ?? '/';
  const path = url.indexOf('/', url.indexOf('://') + 3);
  return path === -1 ? '/' : url.slice(path);
}

const CLIENT_ERRORS: Record<string, HttpCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'GW_REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'GW_HEADERS_TOO_LARGE',
};

/** What Node's parser refuses before there is a request: too slow, headers too large, not HTTP. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = toProblemAnswer(
    new Problem(CLIENT_ERRORS[error.code ?? ''] ?? 'GW_REQUEST_MALFORMED'),
  );
  const head = Object.entries({
    ...SECURITY_HEADERS,
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n');
  socket.end(`HTTP/1.1 ${status} Refused\r\n${head}\r\n\r\n${body}`);
}

/**
 * Fastify as the gateway needs it: bodies as bytes whatever their content type says, GET with a body, absolute-form
 * targets, and limits on size and time that hold before any of our code runs.
 */
export function createHttpAdapter(config: GatewayConfig): FastifyAdapter {
  const adapter = new FastifyAdapter({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: config.GATEWAY_BODY_MAX_BYTES,
    requestTimeout: config.GATEWAY_REQUEST_TIMEOUT_MS,
    keepAliveTimeout: config.GATEWAY_IDLE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // what still comes on an open connection is stored and answered, and the connection closed: few clients send twice
    return503OnClosing: false,
    rewriteUrl: (request: IncomingMessage) => toOriginForm(request.url),
    clientErrorHandler: answerClientError,
    http: {
      headersTimeout: config.GATEWAY_REQUEST_TIMEOUT_MS,
      maxHeaderSize: 16 * 1_024,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
  });
  const fastify = adapter.getInstance();
  // Sveltos sends its report as GET with a body.
  fastify.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  // Fastify refuses a content type it cannot read; here it decides nothing, so such a one is as good as none.
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const type = headers['content-type'];
    if (type !== undefined && !MEDIA_TYPE.test(type)) delete headers['content-type'];
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  fastify.server.maxRequestsPerSocket = 0;
  return adapter;
}
