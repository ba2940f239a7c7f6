import type { FastifyReply } from 'fastify';
import { CODES, statusOf, titleOf, type Code, type HttpCode } from '@rollcall/contracts-transport';

/** Seconds after which it is worth asking again what could not be answered just now. */
const RETRY_AFTER = '5';

/** Whether a code is answered over HTTP. */
export const isHttpCode = (code: Code): code is HttpCode => 'status' in CODES[code];

/**
 * Ends a request with problem details (RFC 9457).
 *
 * @param detail our own words for who asked; the code's title unless given
 */
export function sendProblem(reply: FastifyReply, code: HttpCode, detail?: string): void {
  const status = statusOf(code);
  const title = titleOf(code);
  if (status === 503) void reply.header('retry-after', RETRY_AFTER);
  void reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(
      JSON.stringify({
        type: `urn:rollcall:problem:${code}`,
        title,
        status,
        code,
        detail: detail ?? title,
      }),
    );
}
