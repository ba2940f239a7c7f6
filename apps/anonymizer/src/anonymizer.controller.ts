import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '@rollcall/contracts-transport';
import type { TransactionalBatch } from '@rollcall/kafka';
import { AnonymizerPipeline } from './anonymizer.pipeline.ts';

/** The raw topic: the only place where events are in clear. */
@Controller()
export class AnonymizerController {
  constructor(private readonly pipeline: AnonymizerPipeline) {}

  @EventPattern(TOPICS.raw)
  consume(@Payload() batch: TransactionalBatch): Promise<void> {
    return this.pipeline.run(batch);
  }
}
