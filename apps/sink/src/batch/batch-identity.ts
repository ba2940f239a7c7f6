import type { TableName } from '@rollcall/contracts-transport';

/** Where records came from, so that no other records anywhere can be taken for them. */
export interface Origin {
  readonly clusterId: string;
  readonly topic: string;
  /**
   * Random name of one life of a topic's partition. Offsets begin again when a topic is made again, or when Kafka lost its
   * disk and ClickHouse kept its own. It is kept beside the group's position, which dies with the topic.
   */
  readonly life: string;
  readonly partition: number;
}

/** Names a set of records for ever: the same identity is the same rows. Offsets are decimal strings. */
export interface BatchIdentity extends Origin {
  readonly firstOffset: string;
  readonly lastOffset: string;
}

/**
 * Deduplication token of the rows of one table in a batch.
 *
 * Guarantee: equal for equal identities, different for all others; readable, since it is looked at when something is wrong.
 */
export function toToken(identity: BatchIdentity, table: TableName): string {
  const { clusterId, topic, life, partition, firstOffset, lastOffset } = identity;
  return `${clusterId}/${topic}/${life}/${partition}/${firstOffset}-${lastOffset}/${table}`;
}

/** Token of the lines from..to (end not included) of a batch that was refused as a whole. */
export function toPartToken(token: string, from: number, to: number): string {
  return `${token}/lines/${from}-${to}`;
}
