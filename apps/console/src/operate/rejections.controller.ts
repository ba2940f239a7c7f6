import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ApiRejection, ApiReplay } from '../api.ts';
import { readDays } from './days.ts';
import { OperatorGuard } from './operator.guard.ts';
import { RejectionsService } from './rejections.service.ts';
import { ReplayPieceSchema } from './replay-request.ts';
import { ReplaysService } from './replays.service.ts';

/** What was refused, and what sends it through again; behind the sign-in. */
@Controller('operate/api')
@UseGuards(OperatorGuard)
export class RejectionsController {
  constructor(
    private readonly rejectionsService: RejectionsService,
    private readonly replaysService: ReplaysService,
  ) {}

  @Get('rejections')
  async rejections(@Query('days') days: string | undefined): Promise<readonly ApiRejection[]> {
    return this.rejectionsService.rejections(readDays(days));
  }

  /** One piece: what the anonymizer does in a few seconds. */
  @Post('replays')
  @HttpCode(200)
  async replay(@Body() body: unknown): Promise<ApiReplay> {
    const parsed = ReplayPieceSchema.safeParse(body);
    if (!parsed.success)
      throw new RollcallError(
        'CO_PARAMETER',
        'send topic, code, days (1 to 90) and dry_run; project and after where they are known',
      );
    return this.replaysService.replay(parsed.data);
  }
}
