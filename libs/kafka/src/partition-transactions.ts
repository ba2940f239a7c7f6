import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Producer } from 'kafkajs';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ConsumedRecord, TransactionalBatch } from './consumed-batch.ts';
import type { ProducedRecord } from './record-producer.ts';

/** Records for one partition of one topic. */
export interface TopicRecords {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ProducedRecord[];
}

interface Opened {
  readonly producer: Producer;
  readonly groupId: string;
  /** Of the batch that they were opened for. */
  readonly generation: number;
  /** Where the group stood in the partition then; undefined when it had never committed. */
  readonly offset: string | undefined;
}

/** The next transactions fence this producer off anyway; they need not wait for its end. */
const CLOSED_WITHIN_MS = 2_000;

const FENCED: ReadonlySet<unknown> = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
]);

/** The transactions of one consumed partition, one after the other, for as long as this member has it. */
export class PartitionTransactions {
  readonly generation: number;
  readonly #producer: Producer;
  readonly #groupId: string;
  #nextOffset: bigint;
  #isUsable = true;

  constructor({ producer, groupId, generation, offset }: Opened) {
    this.generation = generation;
    this.#producer = producer;
    this.#groupId = groupId;
    this.#nextOffset = BigInt(offset ?? 0);
  }

  /** Whether a batch goes on where the last commit ended. Offsets that go back mean another life of the topic. */
  isFollowedBy({ generation, records }: TransactionalBatch): boolean {
    const first = records[0]?.offset;
    return (
      this.#isUsable &&
      generation === this.generation &&
      (first === undefined || BigInt(first) >= this.#nextOffset)
    );
  }

  /** Records whose output is not in Kafka yet: a fetch may bring some that the last owner has committed meanwhile. */
  remaining(records: readonly ConsumedRecord[]): readonly ConsumedRecord[] {
    return records.filter(({ offset }) => BigInt(offset) >= this.#nextOffset);
  }

  /**
   * Produces, and commits the group's offset up to and including `lastOffset`: both or neither.
   *
   * @throws KFK_PRODUCE_FAILED when it is not known which (open the partition again, which finds out);
   * KFK_FENCED when another member has taken the partition over
   */
  async commit(
    batch: TransactionalBatch,
    lastOffset: string,
    outputs: readonly TopicRecords[],
  ): Promise<void> {
    // Without output there is nothing to be atomic with.
    if (outputs.length === 0) await batch.commit(lastOffset);
    else await this.#commitTogether(batch, lastOffset, outputs);
    this.#nextOffset = BigInt(lastOffset) + 1n;
  }

  async close(): Promise<void> {
    this.#isUsable = false;
    await discard(this.#producer);
  }

  async #commitTogether(
    batch: TransactionalBatch,
    lastOffset: string,
    outputs: readonly TopicRecords[],
  ): Promise<void> {
    const { topic, partition } = batch;
    const offset = String(BigInt(lastOffset) + 1n);
    try {
      const transaction = await this.#producer.transaction();
      await transaction.sendBatch({
        acks: -1,
        compression: kafkajs.CompressionTypes.ZSTD,
        topicMessages: outputs.map(toTopicMessages),
      });
      await transaction.sendOffsets({
        consumerGroupId: this.#groupId,
        topics: [{ topic, partitions: [{ partition, offset }] }],
      });
      await transaction.commit();
    } catch (cause) {
      this.#isUsable = false;
      throw new RollcallError(isFenced(cause) ? 'KFK_FENCED' : 'KFK_PRODUCE_FAILED', topic, {
        cause,
      });
    }
    batch.passed(lastOffset);
  }
}

/**
 * Takes leave of a producer. Resolves in time whatever its connection does: kafkajs waits for answers to what it has asked,
 * however long.
 */
export async function discard(producer: Producer): Promise<void> {
  const disconnected = producer.disconnect().catch(() => undefined);
  await Promise.race([disconnected, sleep(CLOSED_WITHIN_MS, undefined, { ref: false })]);
}

function toTopicMessages({ topic, partition, records }: TopicRecords) {
  return {
    topic,
    messages: records.map(({ value, headers }) => ({ key: null, value, headers, partition })),
  };
}

/** kafkajs wraps what the broker said, once for each layer that gave up. */
function isFenced(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('type' in error && FENCED.has(error.type)) return true;
  return error.cause !== error && isFenced(error.cause);
}
