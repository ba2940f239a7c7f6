import type { SchemaGap } from '@rollcall/clickhouse';
import type { ConsumerHealth } from '@rollcall/kafka/transport';
import type { Clock } from '@rollcall/pipeline';
import type { Readiness } from '@rollcall/service-kit';

const ANSWER_WITHIN_MS = 2_000;

/** What readiness looks at. */
export interface SinkVitals {
  readonly findSchemaGap: () => Promise<SchemaGap | undefined>;
  readonly consumer: () => ConsumerHealth;
  readonly clock: Clock;
  /** A batch in hand for longer is stuck. */
  readonly stuckAfterMs: number;
}

/**
 * Ready means that rows get through: ClickHouse answers this user and has the tables, the consumer is in its group, and no
 * batch has been in hand for too long. The last one shows a poisoned or blocked partition that the others would not.
 */
export function sinkReadiness(vitals: SinkVitals): readonly Readiness[] {
  return [
    { name: 'clickhouse', check: () => checkClickHouse(vitals) },
    { name: 'consumer', check: () => checkMembership(vitals) },
    { name: 'progress', check: () => checkProgress(vitals) },
  ];
}

async function checkClickHouse({ findSchemaGap }: SinkVitals): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<SchemaGap>((resolve) => {
    const gap: SchemaGap = { code: 'CH_UNAVAILABLE', detail: 'ClickHouse does not answer in time' };
    timer = setTimeout(() => resolve(gap), ANSWER_WITHIN_MS);
  });
  const gap = await Promise.race([findSchemaGap(), tooLate]);
  clearTimeout(timer);
  return gap === undefined ? undefined : `${gap.code}: ${gap.detail}`;
}

function checkMembership({ consumer }: SinkVitals): string | undefined {
  return consumer().isJoined ? undefined : 'the consumer has not joined its group';
}

function checkProgress({ consumer, clock, stuckAfterMs }: SinkVitals): string | undefined {
  const { oldestBatchAt, stalledSince } = consumer();
  if (stalledSince !== undefined)
    return `a partition has lag and does not move for ${Math.round((clock() - stalledSince) / 1_000)} s`;
  const ageMs = oldestBatchAt === undefined ? 0 : clock() - oldestBatchAt;
  return ageMs <= stuckAfterMs
    ? undefined
    : `a batch has been in hand for ${Math.round(ageMs / 1_000)} s`;
}
