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
   * @param metadata kept by the broker beside the position until the next commit; up to 4,096 bytes
   * @throws when the partition has moved to another member meanwhile; the handler lets that pass through.
   */
  commit(lastOffset: string, metadata?: string): Promise<void>;
  /** Tells the group that a slow handler is alive. Call it at least every few seconds while waiting. */
  heartbeat(): Promise<void>;
  /** Whether the partition was taken away or the consumer is stopping: a waiting handler gives up then. */
  isStale(): boolean;
}

/** Where a group stands in a partition, as the broker keeps it. */
export interface GroupPosition {
  readonly clusterId: string;
  /** Next offset to be read. Undefined when none is kept: never committed, or the topic was made anew since. */
  readonly offset: string | undefined;
  /** What the last commit wrote beside it; empty when it wrote nothing. */
  readonly metadata: string;
}

/** A batch for handlers that write down beside the position what they are about to do, and take it up again later. */
export interface ResumableBatch extends ConsumedBatch {
  /** Last offset that the fetch covers, also when no record of ours is there: a transaction marker, say. */
  readonly lastOffset: string;
  /** Another number after every rebalance: what a handler remembers of a partition holds for one of them only. */
  readonly generation: number;
  /** Asks the broker. After a join this is what the last owner of the partition left. @throws when no broker answers */
  position(): Promise<GroupPosition>;
  /**
   * Commits that everything before `firstOffset` is done and nothing after it, with a note. Fenced like `commit`.
   *
   * @throws KFK_FENCED and whatever the broker refuses; then nothing may be done that the note speaks of
   */
  note(firstOffset: string, metadata: string): Promise<void>;
  /** Asks for the batch that follows without committing this one; a failure before the next commit brings both again. */
  readOn(): void;
}

/** A batch for handlers whose output and offsets are committed together, in a transaction. */
export interface TransactionalBatch extends ConsumedBatch {
  /** Last offset that the fetch covers. */
  readonly lastOffset: string;
  /** Another number after every rebalance. */
  readonly generation: number;
  /** Asks the broker. @throws when no broker answers */
  position(): Promise<GroupPosition>;
  /** Says that everything up to and including `lastOffset` has been committed already, so that reading goes on behind it. */
  passed(lastOffset: string): void;
}
