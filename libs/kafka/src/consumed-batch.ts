/** A Kafka record as a consumer sees it, decompressed. */
export interface ConsumedRecord {
  /** Decimal string: it may pass 2^53. */
  readonly offset: string;
  /** Empty for a record without a value. */
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms as decimal text. */
  readonly timestamp: string;
}

/**
 * What one fetch gave for one partition, in offset order (offsets may have gaps), and the means to say it is done.
 *
 * Rule: commit only what is durable downstream. What is not committed comes again after a failure.
 */
export interface ConsumedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ConsumedRecord[];
  /**
   * Commits everything up to and including `lastOffset`, fenced by the group's generation.
   *
   * @throws when the partition has moved to another member meanwhile; the handler lets that pass through.
   */
  commit(lastOffset: string, metadata?: string): Promise<void>;
  /** Tells the group that a slow handler is alive. Call it at least every few seconds while waiting. */
  heartbeat(): Promise<void>;
  /** Whether the partition was taken away or the consumer is stopping: a waiting handler gives up then. */
  isStale(): boolean;
}
