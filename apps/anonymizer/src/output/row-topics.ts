import { TOPICS } from '@rollcall/contracts-transport';
import type { TopicRecords } from '@rollcall/kafka';
import type { Window } from './window.ts';

/**
 * Where rows and rejections go.
 *
 * Order: rows of a raw partition stay together in the anonymized partition of the same number (while both topics have
 * as many), in the order of the raw partition.
 */
export class RowTopics {
  #partitionCounts: ReadonlyMap<string, number> | undefined;

  /** From here on rows can be produced. */
  found(partitionCounts: ReadonlyMap<string, number>): void {
    this.#partitionCounts = partitionCounts;
  }

  get areKnown(): boolean {
    return this.#partitionCounts !== undefined;
  }

  /** What a window becomes; empty when nothing came of its records. */
  outputsOf(window: Window, rawPartition: number): readonly TopicRecords[] {
    const outputs = [
      { topic: TOPICS.anonymized, records: window.rowRecords() },
      { topic: TOPICS.rejected, records: window.rejectionRecords() },
    ];
    return outputs
      .filter(({ records }) => records.length > 0)
      .map(({ topic, records }) => ({
        topic,
        partition: this.partitionOf(topic, rawPartition),
        records,
      }));
  }

  /** Partition of a topic that takes what came of a consumed partition. */
  partitionOf(topic: string, consumedPartition: number): number {
    return consumedPartition % (this.#partitionCounts?.get(topic) ?? 1);
  }
}
