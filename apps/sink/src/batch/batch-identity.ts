import type { TableName } from '@rollcall/contracts-transport';

/** Names a set of records for ever: the same identity is the same rows. Offsets are decimal strings. */
export interface BatchIdentity {
  readonly topic: string;
  readonly partition: number;
  readonly firstOffset: string;
  readonly lastOffset: string;
  /**
   * Timestamp of the first record, epoch ms as text. Offsets begin again when a topic is made again, or when Kafka lost
   * its disk and ClickHouse kept its own; the time tells the lives of a topic apart.
   */
  readonly firstTimestamp: string;
}

/**
 * Deduplication token of the rows of one table in a batch.
 *
 * Guarantee: equal for equal identities, different for all others; readable, since it is looked at when something is wrong.
 */
export function toToken(identity: BatchIdentity, table: TableName): string {
  const { topic, partition, firstOffset, lastOffset, firstTimestamp } = identity;
  return `${topic}/${partition}/${firstOffset}-${lastOffset}@${firstTimestamp}/${table}`;
}

/** Token of the lines from..to (end not included) of a batch that was refused as a whole. */
export function toPartToken(token: string, from: number, to: number): string {
  return `${token}/lines/${from}-${to}`;
}
