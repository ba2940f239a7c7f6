import { Controller, Get, Header, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeProject, toHtml, withOrigin } from '@rollcall/catalogue';
import type { ConsoleConfig } from '../console.config.ts';
import { CONSOLE_CONFIG } from '../console.tokens.ts';
import { Figures } from '../figures/figures.service.ts';
import { WebFiles } from './web-files.ts';

/** Style of the privacy page is in the page; nothing else may happen there. */
const PRIVACY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** Addresses that people open. All but one are the same document, whose script draws what the address names. */
@Controller()
export class PagesController {
  constructor(
    private readonly web: WebFiles,
    private readonly figures: Figures,
    @Inject(CONSOLE_CONFIG) private readonly config: ConsoleConfig,
  ) {}

  @Get(['/', '/operate'])
  @Header('content-type', 'text/html; charset=utf-8')
  shell(): string {
    return this.web.shell;
  }

  /** @throws CO_PROJECT_UNKNOWN: an address that names nothing is no page. */
  @Get('/projects/:project')
  @Header('content-type', 'text/html; charset=utf-8')
  project(@Param('project') name: string): string {
    this.figures.project(name);
    return this.web.shell;
  }

  /**
   * The catalogue in words; the same document that the gateway shows. Its form for erasure stays with the gateway, and is
   * linked where the gateway's public address is known: an identifier never comes here.
   */
  @Get('/projects/:project/privacy')
  privacy(
    @Param('project') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const page = { ...describeProject(this.figures.project(name)), ...this.#erasureLink(name) };
    void reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', PRIVACY_POLICY)
      .send(toHtml(withOrigin(page, `${request.protocol}://${request.host}`)));
  }

  #erasureLink(project: string): { readonly erasureLink?: string } {
    const gateway = this.config.CONSOLE_PUBLIC_GATEWAY_URL;
    if (gateway === undefined) return {};
    return {
      erasureLink: `${gateway.replace(/\/$/, '')}/p/${encodeURIComponent(project)}/privacy`,
    };
  }
}
