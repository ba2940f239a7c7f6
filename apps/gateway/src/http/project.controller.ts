import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeProject, toHtml, toJson, toMarkdown, withOrigin } from '@rollcall/catalogue';
import { ProjectPages } from './project-pages.ts';
import { sendAnswer } from './problem.filter.ts';

const RENDERERS = {
  html: { type: 'text/html; charset=utf-8', render: toHtml },
  markdown: { type: 'text/markdown; charset=utf-8', render: toMarkdown },
  json: { type: 'application/json; charset=utf-8', render: toJson },
} as const;
type Format = keyof typeof RENDERERS;

const isFormat = (text: string | undefined): text is Format =>
  text !== undefined && Object.hasOwn(RENDERERS, text);

/** The format asked for in the query, else by Accept; a person gets HTML. */
function formatOf(query: string | undefined, accept: string | undefined): Format {
  if (isFormat(query)) return query;
  if (accept === undefined || accept.includes('text/html')) return 'html';
  if (accept.includes('application/json')) return 'json';
  return /text\/(markdown|plain)/.test(accept) ? 'markdown' : 'html';
}

/** What a project says to the people behind its clients: what is collected, and a way to be counted as opted out. */
@ApiTags('people')
@ApiParam({ name: 'project', type: 'string' })
@Controller('p/:project')
export class ProjectController {
  constructor(private readonly pages: ProjectPages) {}

  @Get('privacy')
  @ApiOperation({
    summary: 'What is collected, why, how it is treated, how to opt out and how to be erased',
  })
  @ApiQuery({ name: 'format', enum: Object.keys(RENDERERS), required: false })
  @ApiResponse({ status: 200, description: 'Made from the catalogue that the pipeline obeys' })
  privacy(
    @Param('project') name: string,
    @Query('format') format: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const page = { ...describeProject(this.pages.project(name)), erasureAction: 'erasures' };
    const { type, render } = RENDERERS[formatOf(format, request.headers.accept)];
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=300',
      vary: 'Accept',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    };
    const body = render(withOrigin(page, `${request.protocol}://${request.host}`));
    sendAnswer(reply, { status: 200, headers, body });
  }

  @Post('opt-out')
  @ApiOperation({
    summary: 'Counts one installation that turned telemetry off, without any identifier',
  })
  @ApiResponse({ status: 200, description: 'Counted; whatever was sent along is not read' })
  async optOut(@Param('project') name: string, @Res() reply: FastifyReply): Promise<void> {
    const counted = await this.pages.countOptOut(name);
    sendAnswer(reply, {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ counted }),
    });
  }
}
