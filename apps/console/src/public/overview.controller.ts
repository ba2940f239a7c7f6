import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RollcallError } from '@rollcall/contracts-transport';
import { OverviewService, type Overview } from './overview.service.ts';

const EARLIEST_YEAR = 2024;
const LATEST_YEAR = 2100;

interface Refusal {
  readonly error: string;
}

/** In place of Cozystack's telemetry server, for its site: its paths, parameters, answers and errors. */
@Controller('api/overview')
export class OverviewController {
  constructor(private readonly service: OverviewService) {}

  @Get()
  async overview(
    @Query('year') year: string | undefined,
    @Query('month') month: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    void reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin');
    const { status, body } = await this.#answer(year, month);
    void reply.code(status).send(body);
  }

  async #answer(
    year: string | undefined,
    month: string | undefined,
  ): Promise<{ readonly status: number; readonly body: Overview | Refusal }> {
    const fault = faultOf(year, month);
    if (fault !== undefined) return { status: 400, body: { error: fault } };
    try {
      const asked = `${year}-${String(Number(month)).padStart(2, '0')}`;
      return { status: 200, body: await this.service.overview(asked) };
    } catch (error) {
      if (!(error instanceof RollcallError && error.code === 'CO_STORE_AWAY')) throw error;
      return { status: 503, body: { error: 'no telemetry data available' } };
    }
  }
}

function faultOf(year: string | undefined, month: string | undefined): string | undefined {
  if (!year || !month) return 'year and month query parameters are required';
  const isYear =
    /^\d{4}$/.test(year) && Number(year) >= EARLIEST_YEAR && Number(year) <= LATEST_YEAR;
  if (!isYear) return 'invalid year parameter';
  return /^(0?[1-9]|1[0-2])$/.test(month) ? undefined : 'invalid month parameter';
}
