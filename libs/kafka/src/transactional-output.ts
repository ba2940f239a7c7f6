import type { Producer } from 'kafkajs';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { createKafka } from './client.ts';
import type { TransactionalBatch } from './consumed-batch.ts';
import { PartitionTransactions, discard } from './partition-transactions.ts';
import type { KafkaSettings } from './settings.ts';

/** Who produces, and whose offsets go into the transactions. */
export interface TransactionalOutputOptions {
  readonly settings: KafkaSettings;
  /** The consumer group that reads what is transformed here. */
  readonly groupId: string;
  /** Begins every transactional id; one per consumed partition follows: `<prefix>-<topic>-<partition>`. */
  readonly idPrefix: string;
  readonly log: Log;
}

/** A transaction waits for the one before it to be written everywhere: asking again soon makes that 10 ms, not 260. */
const FIRST_RETRY_MS = 5;
const RETRY_COUNT = 9;
/**
 * After this an unfinished transaction is given up by the broker. Until then, or until somebody takes over its partition,
 * readers see nothing behind it.
 */
const TRANSACTION_TIMEOUT_MS = 20_000;

/**
 * Output of a consumer that reads partitions and writes records: for each partition a producer with a transactional id
 * of its own, so that whoever takes over a partition ends and fences off what its last owner had begun.
 *
 * Guarantee: for a read_committed reader each consumed record gives its output exactly once. A producer is thrown away
 * after any failure, because kafkajs takes its sequence number back then and would lose the next batch.
 * @see docs/adr/0014-transactions-of-the-anonymizer.md
 */
export class TransactionalOutput {
  readonly #options: TransactionalOutputOptions;
  readonly #partitions = new Map<string, PartitionTransactions>();

  constructor(options: TransactionalOutputOptions) {
    this.#options = options;
  }

  /**
   * The transactions of a batch's partition: those that are open, when the batch follows what they committed, or new
   * ones that know from the broker how far the partition has been dealt with.
   *
   * @throws KFK_UNAVAILABLE when no broker answers
   */
  async open(batch: TransactionalBatch): Promise<PartitionTransactions> {
    const key = `${batch.topic}-${batch.partition}`;
    const known = this.#partitions.get(key);
    if (known?.isFollowedBy(batch) === true) return known;
    await this.#closeBefore(key, batch.generation);
    const opened = await this.#begin(key, batch);
    this.#partitions.set(key, opened);
    return opened;
  }

  async close(): Promise<void> {
    const all = [...this.#partitions.values()];
    this.#partitions.clear();
    await Promise.all(all.map((each) => each.close()));
  }

  /** What this member had before a rebalance may be another's by now: its producers are of no more use. */
  async #closeBefore(key: string, generation: number): Promise<void> {
    const gone = [...this.#partitions].filter(
      ([other, transactions]) => other === key || transactions.generation !== generation,
    );
    for (const [other] of gone) this.#partitions.delete(other);
    await Promise.all(gone.map(([, transactions]) => transactions.close()));
  }

  /** The order matters: only when the last owner is fenced off, is what it committed its last word. */
  async #begin(key: string, batch: TransactionalBatch): Promise<PartitionTransactions> {
    const { groupId } = this.#options;
    const producer = this.#createProducer(key);
    try {
      await producer.connect();
      await fenceOffLastOwner(producer);
      const { offset } = await batch.position();
      return new PartitionTransactions({ producer, groupId, generation: batch.generation, offset });
    } catch (cause) {
      await discard(producer);
      throw new RollcallError('KFK_UNAVAILABLE', `no transactions for ${key}`, { cause });
    }
  }

  #createProducer(key: string): Producer {
    const { settings, log, idPrefix } = this.#options;
    return createKafka(settings, log, RETRY_COUNT, FIRST_RETRY_MS).producer({
      allowAutoTopicCreation: false,
      transactionalId: `${idPrefix}-${key}`,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      createPartitioner:
        () =>
        ({ message }) =>
          Number(message.partition),
    });
  }
}

/**
 * kafkajs asks for its producer id with the first transaction. The broker answers when it has ended whatever was open
 * under this transactional id; from then on it refuses whoever had it before.
 */
async function fenceOffLastOwner(producer: Producer): Promise<void> {
  const empty = await producer.transaction();
  await empty.abort();
}
