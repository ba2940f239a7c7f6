import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  MOST_REPLAYED,
  ReplayRequestSchema,
  RollcallError,
  type ReplayAnswer,
} from '@rollcall/contracts-transport';
import { ReplayService } from './replay.service.ts';

/** For operators, who show the admin token: `replay-access.ts` asks for it before a body is read. */
@Controller('replays')
export class ReplayController {
  constructor(private readonly replays: ReplayService) {}

  @Post()
  @HttpCode(200)
  replay(@Body() body: unknown): Promise<ReplayAnswer> {
    const parsed = ReplayRequestSchema.safeParse(body);
    if (!parsed.success)
      throw new RollcallError(
        'AN_REPLAY_SHAPE',
        `send a topic, dry_run, and 1 to ${MOST_REPLAYED} records, each with partition, offset and index`,
      );
    return this.replays.replay(parsed.data);
  }
}
