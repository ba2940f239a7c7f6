import { All, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IngestRequestHandler } from './ingest-request.ts';
import { DocumentedBody } from './openapi.ts';
import { sendAnswer } from './problem.filter.ts';

/**
 * Every path a client sends to. The catch-all serves them all; the named routes are there to be found in `/docs`.
 *
 * Nest's router only brings a request here: which project and dialect it is, is decided by host, prefix and path.
 * @see docs/adr/0010-one-controller-for-all-dialects.md
 */
@ApiTags('ingest')
@Controller()
export class IngestController {
  constructor(private readonly requests: IngestRequestHandler) {}

  @Post('p/:project/events')
  @DocumentedBody('native', 'NativeEvent', 'One event, an array of events, or NDJSON')
  postEvents(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.ingest(request, reply);
  }

  @Post('p/:project/stats')
  @DocumentedBody('kamaji', 'KamajiStats', 'Kamaji: state of an installation, every five minutes')
  postStats(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.ingest(request, reply);
  }

  @Post('p/:project/create')
  @DocumentedBody('kamaji', 'KamajiCreate', 'Kamaji: a tenant control plane was made')
  postCreate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.ingest(request, reply);
  }

  @Post('p/:project/update')
  @DocumentedBody('kamaji', 'KamajiUpdate', 'Kamaji: a tenant control plane was changed')
  postUpdate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.ingest(request, reply);
  }

  @Post('p/:project/delete')
  @DocumentedBody('kamaji', 'KamajiDelete', 'Kamaji: a tenant control plane was deleted')
  postDelete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.ingest(request, reply);
  }

  @All('*')
  @ApiExcludeEndpoint()
  any(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.ingest(request, reply);
  }

  private async ingest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.requests.handle(request));
  }
}
