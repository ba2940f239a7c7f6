import type { Log } from '@rollcall/pipeline';
import { withAdmin } from './admin.ts';
import type { PartitionLag } from './lag-watch.ts';
import type { KafkaSettings } from './settings.ts';

/** Where a consumer stands that wants to know its lag. */
export interface LagQuery {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Next offset of what this member has read by itself, by `topic/partition`: ahead of commits where markers end a log. */
  readonly readTo: ReadonlyMap<string, bigint>;
}

/**
 * Lag of a group, by `topic/partition`, from the broker.
 *
 * @throws what kafkajs throws when no broker answers
 */
export function fetchGroupLag(
  settings: KafkaSettings,
  { groupId, topics, readTo }: LagQuery,
  log: Log,
): Promise<ReadonlyMap<string, PartitionLag>> {
  return withAdmin(settings, log, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    const lags = new Map<string, PartitionLag>();
    for (const topic of topics) {
      const kept = committed.find((each) => each.topic === topic)?.partitions ?? [];
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const key = `${topic}/${partition}`;
        const offset = kept.find((each) => each.partition === partition)?.offset ?? '-1';
        const known = readTo.get(key) ?? BigInt(offset);
        lags.set(key, { position: known < BigInt(low) ? BigInt(low) : known, end: BigInt(high) });
      }
    }
    return lags;
  });
}
