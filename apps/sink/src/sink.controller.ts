import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '@rollcall/contracts-transport';
import type { ResumableBatch } from '@rollcall/kafka';
import { SinkPipeline } from './sink.pipeline.ts';

/** The topics that end in ClickHouse; both carry rows of any table, named by a header. */
@Controller()
export class SinkController {
  constructor(private readonly pipeline: SinkPipeline) {}

  @EventPattern(TOPICS.anonymized)
  consumeAnonymized(@Payload() batch: ResumableBatch): Promise<void> {
    return this.pipeline.run(batch);
  }

  @EventPattern(TOPICS.rejected)
  consumeRejected(@Payload() batch: ResumableBatch): Promise<void> {
    return this.pipeline.run(batch);
  }
}
