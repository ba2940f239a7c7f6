import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ApiFigure, ApiProject, ApiProjectHead } from '../api.ts';
import { Figures } from '../figures/figures.service.ts';
import { FIGURES } from '../figures/figures.table.ts';
import { isBadgeCount, toBadge } from './badge.ts';
import { toCsv } from './figure-csv.ts';
import { toApiFigure, toApiFigureHead, toApiProject, toApiProjectHead } from './figure-json.ts';

/** Everyone may have these; every number in them comes from {@link Figures}. */
@Controller('api/projects')
export class PublicController {
  constructor(private readonly figures: Figures) {}

  @Get()
  projects(): readonly ApiProjectHead[] {
    return this.figures.projects.map(toApiProjectHead);
  }

  @Get(':project')
  project(@Param('project') name: string): ApiProject {
    const heads = FIGURES.map((definition) =>
      toApiFigureHead(definition, this.figures.parameters(definition, name)),
    );
    return toApiProject(this.figures.project(name), heads);
  }

  @Get(':project/figures/:figure')
  async figure(
    @Param('project') project: string,
    @Param('figure') figure: string,
  ): Promise<ApiFigure> {
    return toApiFigure(await this.figures.figure(project, figure));
  }

  @Get(':project/figures/:figure/csv')
  async csv(
    @Param('project') project: string,
    @Param('figure') figure: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = toCsv(await this.figures.figure(project, figure));
    void reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${project}-${figure}.csv"`)
      .send(body);
  }

  /** For a README on another site: images of any origin may be shown there. */
  @Get(':project/badge.svg')
  async badge(
    @Param('project') project: string,
    @Query('count') count = 'confirmed',
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!isBadgeCount(count))
      throw new RollcallError('CO_PARAMETER', 'count is received, confirmed or qualified');
    const body = toBadge(await this.figures.figure(project, 'ladder'), count);
    void reply
      .header('content-type', 'image/svg+xml; charset=utf-8')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(body);
  }
}
