import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RollcallError, type HttpCode } from '@rollcall/contracts-transport';
import type { WireAnswer } from '@rollcall/dialects';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import { Problem, toProblemAnswer } from './problem.ts';

/** Seconds after which a client may try again when nothing can be stored. */
const RETRY_AFTER = '5';

/** Refusals of the HTTP layer, by status: Nest keeps no more of them than that. */
const CODES_BY_STATUS: Record<number, HttpCode> = {
  400: 'GW_BODY_INCOMPLETE',
  404: 'GW_PATH_UNKNOWN',
  413: 'GW_BODY_TOO_LARGE',
  414: 'GW_PATH_UNKNOWN',
};

/** Any thrown thing as a problem; undefined for one that nobody foresaw. */
export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof RollcallError && error.code === 'GW_UNAVAILABLE')
    return new Problem('GW_UNAVAILABLE', undefined, { 'retry-after': RETRY_AFTER });
  const code = error instanceof HttpException ? CODES_BY_STATUS[error.getStatus()] : undefined;
  return code && new Problem(code);
}

export function sendAnswer(reply: FastifyReply, { status, headers, body }: WireAnswer): void {
  // an empty text would be sent with the type of a text
  void reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : body);
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
