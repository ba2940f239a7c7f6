import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '../admission/rate-limits.ts';
import type { ErasureService } from '../erasure/erasure.service.ts';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import { isForm, readErasure } from '../erasure/read-erasure.ts';
import { receiptPage, refusalPage } from '../erasure/receipt-page.ts';
import { Problem, toProblemAnswer } from './problem.ts';
import { sendAnswer } from './problem.filter.ts';
import { ProjectPages } from './project-pages.ts';

/** What stands behind erasure over HTTP. */
export class ErasureDesk {
  readonly service: ErasureService;
  readonly limits: RateLimits;
  readonly telemetry: GatewayTelemetry;

  constructor(service: ErasureService, limits: RateLimits, telemetry: GatewayTelemetry) {
    this.service = service;
    this.limits = limits;
    this.telemetry = telemetry;
  }
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };
const HTML_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

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
    if (isForm(request.headers['content-type'])) {
      await this.#answerForm(project, request, reply);
      return;
    }
    const receipt = await this.#take(project, request);
    const location = `/p/${project}/erasures/${receipt}`;
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
    @Req() { headers: { accept } }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { project, title } = this.pages.project(name);
    const status = await this.desk.service.status(project, receipt);
    if (accept?.includes('text/html') === true)
      sendAnswer(reply, { status: 200, headers: HTML_HEADERS, body: receiptPage(title, status) });
    else sendAnswer(reply, { status: 200, headers: JSON_HEADERS, body: JSON.stringify(status) });
  }

  async #take(project: string, request: FastifyRequest): Promise<string> {
    this.#admit(project, request);
    const { body, headers } = request;
    const identifier = readErasure(body, headers['content-type']);
    const receipt = await this.desk.service.request(project, identifier);
    this.desk.telemetry.erasureRequested(project);
    return receipt;
  }

  /** A person gets pages, also when the request is refused. */
  async #answerForm(project: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      const receipt = await this.#take(project, request);
      // relative, so that it holds behind a proxy that has put something in front
      const headers = { location: `erasures/${receipt}`, 'cache-control': 'no-store' };
      sendAnswer(reply, { status: 303, headers, body: '' });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { status } = toProblemAnswer(error);
      const body = refusalPage(error.message, error.detail);
      sendAnswer(reply, { status, headers: { ...HTML_HEADERS, ...error.headers }, body });
      this.desk.telemetry.eventRejected('', error.code);
    }
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
