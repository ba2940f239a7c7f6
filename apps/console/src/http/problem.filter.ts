import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RollcallError, type HttpCode } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { errorFields, isHttpCode, sendProblem } from '@rollcall/service-kit';

/** Refusals of the HTTP layer, by status. */
const CODES_BY_STATUS: Readonly<Record<number, HttpCode>> = {
  400: 'CO_PARAMETER',
  404: 'CO_PATH_UNKNOWN',
  413: 'CO_PARAMETER',
  415: 'CO_PARAMETER',
};

/** Ends every failed request with problem details (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // health checks answer 503 through Nest's own exception, with their details in it
    if (error instanceof HttpException && error.getStatus() === 503) {
      void reply.code(503).send(error.getResponse());
      return;
    }
    const code = codeOf(error);
    if (code === undefined) this.log.error('A request failed.', errorFields(error));
    sendProblem(reply, code ?? 'CO_INTERNAL', detailOf(error));
  }
}

function codeOf(error: unknown): HttpCode | undefined {
  if (error instanceof RollcallError) {
    // what ClickHouse or the way to it does not give is not there just now
    if (error.code.startsWith('CH_')) return 'CO_STORE_AWAY';
    return isHttpCode(error.code) ? error.code : undefined;
  }
  return error instanceof HttpException ? CODES_BY_STATUS[error.getStatus()] : undefined;
}

/** Our own texts only: Nest's and Fastify's quote what was sent. */
function detailOf(error: unknown): string | undefined {
  return error instanceof RollcallError && isHttpCode(error.code) ? error.message : undefined;
}
