import { Catch, HttpException, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RollcallError } from '@rollcall/contracts-transport';
import { isHttpCode, sendProblem } from '@rollcall/service-kit';

/** A body that is too large, is no JSON, or calls itself something else: refused before the controller has it. */
const UNREADABLE: ReadonlySet<number> = new Set([400, 413, 415]);

/** Ends a refused replay with problem details (RFC 9457); everything else as Nest does. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (error instanceof RollcallError && isHttpCode(error.code))
      sendProblem(reply, error.code, error.message);
    else if (isForReplays(http.getRequest<FastifyRequest>()) && isUnreadable(error))
      sendProblem(reply, 'AN_REPLAY_SHAPE');
    else super.catch(error, host);
  }
}

const isForReplays = ({ method }: FastifyRequest): boolean => method === 'POST';

const isUnreadable = (error: unknown): boolean =>
  error instanceof HttpException && UNREADABLE.has(error.getStatus());
