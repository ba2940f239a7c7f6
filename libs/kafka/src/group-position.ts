import type { Log } from '@rollcall/pipeline';
import { withAdmin } from './admin.ts';
import type { GroupPosition } from './consumed-batch.ts';
import type { KafkaSettings } from './settings.ts';

/** A partition as a group sees it. */
export interface GroupPartition {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
}

/**
 * Where a group stands in a partition, from the broker itself.
 *
 * Guarantee: what the last successful commit wrote. Kafka forgets it when the topic is deleted.
 * @throws what kafkajs throws when no broker answers
 */
export function fetchGroupPosition(
  settings: KafkaSettings,
  { groupId, topic, partition }: GroupPartition,
  log: Log,
): Promise<GroupPosition> {
  return withAdmin(settings, log, async (admin) => {
    const [{ clusterId }, offsets] = await Promise.all([
      admin.describeCluster(),
      admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const kept = offsets
      .flatMap(({ partitions }) => partitions)
      .find((each) => each.partition === partition);
    // Kafka answers -1 for none; kafkajs commits -2 when it starts over because an offset was out of range.
    const offset = kept !== undefined && BigInt(kept.offset) >= 0n ? kept.offset : undefined;
    return { clusterId, offset, metadata: kept?.metadata ?? '' };
  });
}
