import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RollcallError, type HttpCode } from '@rollcall/contracts-transport';
import type { WireAnswer } from '@rollcall/dialects';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import { Problem, toProblemAnswer } from './problem.ts';

/** Seconds after which a client may try again when nothing can be stored. */
const RETRY_AFTER = '5';

/** Fastify's own refusals, by code. */
const FASTIFY_CODES: Record<string, HttpCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'GW_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'GW_BODY_INCOMPLETE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'GW_REQUEST_MALFORMED',
  FST_ERR_BAD_URL: 'GW_REQUEST_MALFORMED',
  FST_ERR_MAX_PARAM_LENGTH: 'GW_PATH_UNKNOWN',
  ECONNRESET: 'GW_BODY_INCOMPLETE',
  ERR_STREAM_PREMATURE_CLOSE: 'GW_BODY_INCOMPLETE',
};

/** Any thrown thing as a problem; undefined for one that nobody foresaw. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof RollcallError && error.code === 'GW_UNAVAILABLE')
    return new Problem('GW_UNAVAILABLE', undefined, { 'retry-after': RETRY_AFTER });
  if (error instanceof HttpException && error.getStatus() === 404)
    return new Problem('GW_PATH_UNKNOWN');
  const code =
    error instanceof Error && 'code' in error ? FASTIFY_CODES[String(error.code)] : undefined;
  return code && new Problem(code);
}

export function sendAnswer(reply: FastifyReply, answer: WireAnswer): void {
  void reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** Ends every failed request with problem details and counts it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly telemetry: GatewayTelemetry) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // health checks answer 503 through Nest's own exception, with their details in it
    if (error instanceof HttpException && error.getStatus() === 503) {
      void reply.code(503).send(error.getResponse());
      return;
    }
    const known = toProblem(error);
    if (known === undefined) this.telemetry.requestFailed(error);
    const problem = known ?? new Problem('GW_INTERNAL');
    if (!problem.isCounted) this.telemetry.eventRejected('', problem.code);
    sendAnswer(reply, toProblemAnswer(problem));
  }
}
