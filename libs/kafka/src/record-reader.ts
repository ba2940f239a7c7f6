import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { withAdmin } from './admin.ts';
import { createKafka } from './client.ts';
import type { ConsumedRecord } from './consumed-batch.ts';
import { toRecord } from './delivered-batch.ts';
import type { KafkaSettings } from './settings.ts';

const SILENCE_MS = 30_000;
const POLL_MS = 50;

/** Records wanted of a topic, by partition. */
export interface WantedRecords {
  readonly topic: string;
  /** Offsets as decimal text, in any order. */
  readonly offsets: ReadonlyMap<number, readonly string[]>;
  /** Ends the reading before all is read, between two records. */
  readonly signal?: AbortSignal | undefined;
}

/** A record and its partition. */
export interface ReadRecord {
  readonly partition: number;
  readonly record: ConsumedRecord;
}

/** What was wanted and is not in Kafka any more, or never was: past its retention, or of a former life of the topic. */
export interface MissingRecord {
  readonly partition: number;
  readonly offset: string;
}

/**
 * Reads single records at their coordinates, and hands each over once, in the order of offsets within a partition.
 *
 * Guarantee: bounded. It ends when each wanted record was handed over or is known to be missing; it commits nothing and
 * leaves no group behind.
 * @throws KFK_STALLED when no record was handed over for half a minute; what `onRecord` throws; the reason of the signal
 */
export async function readRecords(
  settings: KafkaSettings,
  wanted: WantedRecords,
  onRecord: (read: ReadRecord) => Promise<void>,
  log: Log,
): Promise<readonly MissingRecord[]> {
  const { open, missing } = await withinLog(settings, wanted, log);
  if (open.size === 0) return missing;
  const reading = new Reading(wanted, open, onRecord);
  const consumer = createKafka(settings, log).consumer({
    groupId: `rollcall.reader.${randomUUID()}`,
    allowAutoTopicCreation: false,
    readUncommitted: false,
    maxWaitTimeInMs: 200,
  });
  try {
    await reading.run(consumer);
  } finally {
    await consumer.disconnect();
  }
  return [...missing, ...reading.missing];
}

type Open = Map<number, bigint[]>;

/** Sets apart what lies outside the log as it is now. */
async function withinLog(
  settings: KafkaSettings,
  { topic, offsets }: WantedRecords,
  log: Log,
): Promise<{ open: Open; missing: MissingRecord[] }> {
  const bounds = await withAdmin(settings, log, (admin) => admin.fetchTopicOffsets(topic));
  const open: Open = new Map();
  const missing: MissingRecord[] = [];
  for (const [partition, ofPartition] of offsets) {
    const bound = bounds.find((each) => each.partition === partition);
    const isThere = (offset: bigint): boolean =>
      bound !== undefined && offset >= BigInt(bound.low) && offset < BigInt(bound.high);
    const sorted = [...new Set(ofPartition)].map(BigInt).toSorted((a, b) => (a < b ? -1 : 1));
    const here = sorted.filter(isThere);
    if (here.length > 0) open.set(partition, here);
    for (const offset of sorted)
      if (!isThere(offset)) missing.push({ partition, offset: String(offset) });
  }
  return { open, missing };
}

/** One run of a reader: what is still wanted, and when something came last. */
class Reading {
  readonly missing: MissingRecord[] = [];
  readonly #topic: string;
  readonly #open: Open;
  readonly #onRecord: (read: ReadRecord) => Promise<void>;
  readonly #signal: AbortSignal | undefined;
  #failure: unknown;
  #heardAt = Date.now();

  constructor(
    { topic, signal }: Pick<WantedRecords, 'topic' | 'signal'>,
    open: Open,
    onRecord: (read: ReadRecord) => Promise<void>,
  ) {
    this.#topic = topic;
    this.#signal = signal;
    this.#open = open;
    this.#onRecord = onRecord;
  }

  async run(consumer: Consumer): Promise<void> {
    const { GROUP_JOIN, CRASH } = consumer.events;
    // With each membership and not after `run`, which also returns when joining has failed: kafkajs then joins again by
    // itself a little later, until then there is nothing to seek in, and the new membership begins anew.
    consumer.on(GROUP_JOIN, () => {
      for (const partition of this.#open.keys()) this.#seek(partition, consumer);
    });
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) this.#failure ??= payload.error;
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#take(payload, consumer),
    });
    while (this.#open.size > 0 && this.#failure === undefined) {
      if (this.#signal?.aborted === true) this.#failure = this.#signal.reason;
      else if (Date.now() - this.#heardAt > SILENCE_MS)
        // kept and not thrown: a batch that is under way ends at its next record, and disconnecting waits for it
        this.#failure = new RollcallError('KFK_STALLED', `no record for ${SILENCE_MS} ms`);
      else await sleep(POLL_MS);
    }
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  async #take(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { topic, partition } = payload.batch;
    const offsets = this.#open.get(partition);
    if (offsets === undefined || this.#failure !== undefined) {
      consumer.pause([{ topic, partitions: [partition] }]);
      return;
    }
    try {
      await this.#handOver(payload, offsets);
      if (offsets.length === 0) this.#open.delete(partition);
      this.#seek(partition, consumer);
    } catch (error) {
      this.#failure ??= error;
    }
  }

  async #handOver(payload: EachBatchPayload, offsets: bigint[]): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    const byOffset = new Map(batch.messages.map((message) => [message.offset, message]));
    const end = BigInt(batch.lastOffset());
    // A fetch that was under way when the first offset was sought may begin beyond it.
    if (BigInt(batch.firstOffset() ?? end) > (offsets[0] ?? end)) return;
    for (let next = offsets[0]; next !== undefined && next <= end; next = offsets[0]) {
      this.#signal?.throwIfAborted();
      if (this.#failure !== undefined) return;
      const message = byOffset.get(String(next));
      if (message === undefined) this.missing.push({ partition, offset: String(next) });
      else await this.#onRecord({ partition, record: toRecord(message) });
      offsets.shift();
      this.#heardAt = Date.now();
      await payload.heartbeat();
    }
  }

  #seek(partition: number, consumer: Consumer): void {
    const topic = this.#topic;
    const next = this.#open.get(partition)?.[0];
    if (next === undefined) consumer.pause([{ topic, partitions: [partition] }]);
    else consumer.seek({ topic, partition, offset: String(next) });
  }
}
