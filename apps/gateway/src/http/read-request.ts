import type { FastifyRequest } from 'fastify';
import { inflate, isEncoding } from '@rollcall/codec';
import type { WireRequest } from '@rollcall/dialects';
import type { GatewayConfig } from '../gateway.config.ts';
import { Problem } from './problem.ts';
import type { RequestTarget } from './request-target.ts';

/** Headers that a dialect may read. The client's address, cookies and forwarded-for are not among them. */
const PASSED_HEADERS = [
  'authorization',
  'content-type',
  'content-length',
  'transfer-encoding',
  'x-cluster-id',
  'x-write-key',
  'anonymousid',
  'posthog-request-timestamp',
  'posthog-sdk-info',
  'user-agent',
] as const;

const EMPTY = Buffer.alloc(0);

type Limits = Pick<
  GatewayConfig,
  'GATEWAY_MAX_DEPTH' | 'GATEWAY_MAX_EVENTS' | 'GATEWAY_INFLATED_MAX_BYTES'
>;

function passedHeaders(headers: FastifyRequest['headers']): Record<string, string | undefined> {
  const passed: Record<string, string | undefined> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) passed[name] = Array.isArray(value) ? value[0] : value;
  }
  return passed;
}

async function inflated(
  sent: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (encoding === undefined || sent.length === 0) return sent;
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return sent;
  if (!isEncoding(name)) throw new Problem('GW_ENCODING_UNKNOWN');
  const result = await inflate(sent, name, maxBytes);
  if (!result.ok) throw new Problem(result.code);
  return result.value;
}

/**
 * The request as its dialect may see it: whole, inflated within the cap, with few headers.
 *
 * @throws Problem GW_BODY_EMPTY, GW_ENCODING_UNKNOWN, GW_BODY_ENCODING, GW_BODY_TOO_LARGE
 */
export async function readRequest(
  request: FastifyRequest,
  { path, query, dialect }: RequestTarget,
  limits: Limits,
): Promise<WireRequest> {
  const sent = Buffer.isBuffer(request.body) ? request.body : EMPTY;
  if (sent.length === 0 && !dialect.allowsEmptyBody(path)) throw new Problem('GW_BODY_EMPTY');
  const maxBodyBytes = limits.GATEWAY_INFLATED_MAX_BYTES;
  return {
    method: request.method,
    path,
    query,
    headers: passedHeaders(request.headers),
    body: await inflated(sent, request.headers['content-encoding'], maxBodyBytes),
    receivedAt: Date.now(),
    limits: {
      maxDepth: limits.GATEWAY_MAX_DEPTH,
      maxEvents: limits.GATEWAY_MAX_EVENTS,
      maxBodyBytes,
    },
  };
}
