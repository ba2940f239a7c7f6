import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '@rollcall/contracts-transport';
import type { TransactionalBatch } from '@rollcall/kafka';
import { AnonymizerPipeline } from './anonymizer.pipeline.ts';
import { ErasurePipeline } from './erasure/erasure.pipeline.ts';

/** The raw topic, the only place where events are in clear, and the erasure topic, where identifiers are. */
@Controller()
export class AnonymizerController {
  constructor(
    private readonly pipeline: AnonymizerPipeline,
    private readonly erasures: ErasurePipeline,
  ) {}

  @EventPattern(TOPICS.raw)
  consume(@Payload() batch: TransactionalBatch): Promise<void> {
    return this.pipeline.run(batch);
  }

  @EventPattern(TOPICS.erasure)
  erase(@Payload() batch: TransactionalBatch): Promise<void> {
    return this.erasures.run(batch);
  }
}
