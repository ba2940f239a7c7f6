import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { QueryBox, type QueryAnswer } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ApiErasure, ApiPipeline, ApiQueryResult } from '../api.ts';
import { ErasuresService } from './erasures.service.ts';
import { OperatorGuard } from './operator.guard.ts';
import { PipelineService } from './pipeline.service.ts';

const MOST_ROWS = 5_000;
const QuerySchema = z.strictObject({ query: z.string().min(1).max(50_000) });

/** What operators see and do, behind the sign-in. */
@Controller('operate/api')
@UseGuards(OperatorGuard)
export class OperateController {
  constructor(
    private readonly pipelineService: PipelineService,
    private readonly erasuresService: ErasuresService,
    private readonly queryBox: QueryBox,
  ) {}

  @Get('pipeline')
  pipeline(): Promise<ApiPipeline> {
    return this.pipelineService.pipeline();
  }

  @Get('erasures')
  erasures(): Promise<readonly ApiErasure[]> {
    return this.erasuresService.erasures();
  }

  /** Runs with the analyst's rights: reads, within the analyst's limits. */
  @Post('query')
  @HttpCode(200)
  async query(@Body() body: unknown): Promise<ApiQueryResult> {
    const parsed = QuerySchema.safeParse(body);
    if (!parsed.success) throw new RollcallError('CO_PARAMETER', 'send {"query": "SELECT …"}');
    return toResult(await this.queryBox.run(parsed.data.query, MOST_ROWS));
  }
}

/** @throws CO_QUERY_REFUSED with the server's words, which are for who wrote the query and are logged nowhere. */
function toResult(answer: QueryAnswer): ApiQueryResult {
  if (answer.kind === 'refused')
    throw new RollcallError('CO_QUERY_REFUSED', `code ${answer.serverCode}. ${answer.text}`);
  const { columns, rows, isCut, elapsedMs, rowsRead } = answer;
  return { columns, rows, is_cut: isCut, elapsed_ms: elapsedMs, rows_read: rowsRead };
}
