import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Producer } from 'kafkajs';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { createKafka } from './client.ts';
import { findConnectionFault } from './connection-fault.ts';
import type { KafkaSettings } from './settings.ts';

/** A record to be produced; its partition is chosen by the sender. */
export interface ProducedRecord {
  readonly value: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a producer needs to know of its brokers and topics. */
export interface ProducerOptions {
  readonly settings: KafkaSettings;
  readonly log: Log;
  /** Partitions per topic, from `awaitTopics`. */
  readonly partitionCounts: ReadonlyMap<string, number>;
  /** Attempts beyond the first before a send fails. */
  readonly retryCount?: number;
}

const RECONNECT_MS = 250;

/**
 * Produces records with acks from all in-sync replicas.
 *
 * Guarantee: a resolved `send` is durable; at most one send per partition is under way at a time, in call order.
 * A failed send may or may not have been stored (the answer can be lost), so readers collapse duplicates by event id.
 *
 * Not idempotent on purpose: kafkajs 2.2.4 takes its sequence number back when a request fails, so that after a lost
 * answer the next, different batch looks like a duplicate to the broker, is acknowledged and never stored.
 * @see docs/adr/0005-producer-without-idempotence.md
 */
export class RecordProducer {
  readonly #producer: Producer;
  readonly #partitionCounts: ReadonlyMap<string, number>;
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #brokers: string;
  #next = 0;

  constructor({ settings, log, partitionCounts, retryCount = 3 }: ProducerOptions) {
    this.#partitionCounts = partitionCounts;
    this.#brokers = settings.brokers.join(', ');
    this.#producer = createKafka(settings, log, retryCount).producer({
      allowAutoTopicCreation: false,
      idempotent: false,
      createPartitioner:
        () =>
        ({ message }) =>
          Number(message.partition),
    });
  }

  /**
   * Connects, and waits for that as long as no broker lets it: one that answered about its topics a moment ago may be away now.
   *
   * @param signal ends the waiting
   * @throws KFK_DENIED, KFK_UNTRUSTED: what waiting does not mend; the reason of the signal
   */
  async connect(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        await this.#producer.connect();
        return;
      } catch (error) {
        const fault = findConnectionFault(error, this.#brokers);
        if (fault !== undefined) throw fault;
        await sleep(RECONNECT_MS);
      }
    }
  }

  partitionCount(topic: string): number {
    return this.#partitionCounts.get(topic) ?? 1;
  }

  /**
   * Produces records as one batch to one partition, compressed together. Without a partition, takes one that no send
   * is under way to, in turn.
   *
   * @throws KFK_PRODUCE_FAILED when the broker did not acknowledge within the retries.
   */
  async send(
    topic: string,
    partition: number | undefined,
    records: readonly ProducedRecord[],
  ): Promise<void> {
    const target = partition ?? this.#freePartition(topic);
    const key = `${topic}/${target}`;
    const before = this.#tails.get(key) ?? Promise.resolve();
    const sent = before.then(() => this.#produce(topic, target, records));
    const tail = sent.catch(() => undefined);
    this.#tails.set(key, tail);
    try {
      await sent;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  async disconnect(): Promise<void> {
    await Promise.all(this.#tails.values());
    await this.#producer.disconnect();
  }

  async #produce(
    topic: string,
    partition: number,
    records: readonly ProducedRecord[],
  ): Promise<void> {
    try {
      await this.#producer.send({
        topic,
        acks: -1,
        compression: kafkajs.CompressionTypes.ZSTD,
        messages: records.map(({ value, headers }) => ({ key: null, value, headers, partition })),
      });
    } catch (cause) {
      throw new RollcallError('KFK_PRODUCE_FAILED', topic, { cause });
    }
  }

  #freePartition(topic: string): number {
    const count = this.partitionCount(topic);
    for (let i = 0; i < count; i += 1) {
      const candidate = (this.#next + i) % count;
      if (!this.#tails.has(`${topic}/${candidate}`)) {
        this.#next = (candidate + 1) % count;
        return candidate;
      }
    }
    this.#next = (this.#next + 1) % count;
    return this.#next;
  }
}
