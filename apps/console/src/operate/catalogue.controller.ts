import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import type { ApiCatalogue } from '../api.ts';
import { Figures } from '../figures/figures.service.ts';
import { CatalogueService } from './catalogue.service.ts';
import { readDays } from './days.ts';
import { OperatorGuard } from './operator.guard.ts';

/** What the catalogue names beside what came; behind the sign-in. */
@Controller('operate/api/catalogue')
@UseGuards(OperatorGuard)
export class CatalogueController {
  constructor(
    private readonly figures: Figures,
    private readonly catalogueService: CatalogueService,
  ) {}

  /** @throws CO_PROJECT_UNKNOWN, CO_PARAMETER */
  @Get(':project')
  async catalogue(
    @Param('project') name: string,
    @Query('days') days: string | undefined,
  ): Promise<ApiCatalogue> {
    return this.catalogueService.catalogue(this.figures.project(name), readDays(days));
  }
}
