import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '../admission/rate-limits.ts';
import type { ErasureService } from '../erasure/erasure.service.ts';
import { isForm, readErasure } from '../erasure/read-erasure.ts';
import { Problem } from './problem.ts';
import { sendAnswer } from './problem.filter.ts';
import { ProjectPages } from './project-pages.ts';

/** What stands behind erasure over HTTP. */
export class ErasureDesk {
  readonly service: ErasureService;
  readonly limits: RateLimits;

  constructor(service: ErasureService, limits: RateLimits) {
    this.service = service;
    this.limits = limits;
  }
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** Erasure: whoever knows an installation's identifier may ask for it. */
@ApiTags('people')
@ApiParam({ name: 'project', type: 'string' })
@Controller('p/:project/erasures')
export class ErasureController {
  constructor(
    private readonly desk: ErasureDesk,
    private readonly pages: ProjectPages,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Asks that all rows of one installation be deleted' })
  @ApiResponse({ status: 202, description: 'Taken; the receipt says later how far it is' })
  @ApiResponse({ status: 429, description: 'Too many requests of this address or project' })
  @ApiResponse({ status: 503, description: 'Nothing was taken; ask again later' })
  async request(
    @Param('project') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { project } = this.pages.project(name);
    this.#admit(project, request);
    const type = request.headers['content-type'];
    const receipt = await this.desk.service.request(project, readErasure(request.body, type));
    const location = `/p/${project}/erasures/${receipt}`;
    if (isForm(type)) sendAnswer(reply, { status: 303, headers: { location }, body: '' });
    else
      sendAnswer(reply, {
        status: 202,
        headers: { ...JSON_HEADERS, location },
        body: JSON.stringify({ receipt }),
      });
  }

  @Get(':receipt')
  @ApiParam({ name: 'receipt', type: 'string' })
  @ApiOperation({ summary: 'How far an erasure is' })
  @ApiResponse({ status: 200, description: 'queued, deleted (with rows by table) or verified' })
  @ApiResponse({ status: 404, description: 'No such receipt' })
  async status(
    @Param('project') name: string,
    @Param('receipt') receipt: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { project } = this.pages.project(name);
    const status = await this.desk.service.status(project, receipt);
    sendAnswer(reply, { status: 200, headers: JSON_HEADERS, body: JSON.stringify(status) });
  }

  #admit(project: string, { raw, headers }: FastifyRequest): void {
    const forwardedFor = headers['x-forwarded-for'];
    const waitSeconds = this.desk.limits.takeErasure(project, {
      socketAddress: raw.socket.remoteAddress,
      forwardedFor: Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor,
    });
    if (waitSeconds > 0)
      throw new Problem('GW_RATE_LIMITED', undefined, { 'retry-after': String(waitSeconds) });
  }
}
