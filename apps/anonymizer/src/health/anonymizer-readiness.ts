import type { ConsumerHealth } from '@rollcall/kafka/transport';
import type { Clock } from '@rollcall/pipeline';
import type { Readiness } from '@rollcall/service-kit';

/** What readiness looks at. */
export interface AnonymizerVitals {
  readonly areTopicsKnown: () => boolean;
  readonly consumer: () => ConsumerHealth;
  readonly clock: Clock;
  /** A batch in hand for longer is stuck. */
  readonly stuckAfterMs: number;
}

/**
 * Ready means that events get through: the topics are there, the consumer is in its group, and no batch has been
 * in hand for too long. The last one shows a blocked partition, or a Kafka that takes nothing, that the others would not.
 */
export function anonymizerReadiness(vitals: AnonymizerVitals): readonly Readiness[] {
  return [
    { name: 'topics', check: () => checkTopics(vitals) },
    { name: 'consumer', check: () => checkMembership(vitals) },
    { name: 'progress', check: () => checkProgress(vitals) },
  ];
}

function checkTopics({ areTopicsKnown }: AnonymizerVitals): string | undefined {
  return areTopicsKnown() ? undefined : 'Kafka or its topics were not found yet';
}

function checkMembership({ consumer }: AnonymizerVitals): string | undefined {
  return consumer().isJoined ? undefined : 'the consumer has not joined its group';
}

function checkProgress({ consumer, clock, stuckAfterMs }: AnonymizerVitals): string | undefined {
  const { oldestBatchAt, stalledSince } = consumer();
  if (stalledSince !== undefined)
    return `a partition has lag and does not move for ${Math.round((clock() - stalledSince) / 1_000)} s`;
  const ageMs = oldestBatchAt === undefined ? 0 : clock() - oldestBatchAt;
  return ageMs <= stuckAfterMs
    ? undefined
    : `a batch has been in hand for ${Math.round(ageMs / 1_000)} s`;
}
