import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { RollcallError } from '@rollcall/contracts-transport';
import type {
  ConsumedRecord,
  GroupPosition,
  ResumableBatch,
  TransactionalBatch,
} from './consumed-batch.ts';
import type { ConsumerProgress } from './consumer-progress.ts';

/** A coordinator that restarts is back within this: 50 ms and doubling, about three seconds in all. */
const COMMIT_ATTEMPTS = 6;
const COMMIT_DELAY_MS = 25;
/** Kafka's ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID and REBALANCE_IN_PROGRESS: only joining again helps. */
const REJOIN_CODES: ReadonlySet<unknown> = new Set([22, 25, 27]);

function asksToRejoin(error: unknown): boolean {
  return error instanceof Error && 'code' in error && REJOIN_CODES.has(error.code);
}

/** What a batch needs of the consumer that it came with. */
export interface Delivery {
  readonly consumer: Consumer;
  readonly progress: ConsumerProgress;
  readonly isClosing: () => boolean;
  readonly position: (topic: string, partition: number) => Promise<GroupPosition>;
}

/** What kafkajs hands over, with every commit fenced and with the way back when a handler fails. */
export class DeliveredBatch implements ResumableBatch, TransactionalBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ConsumedRecord[];
  readonly lastOffset: string;
  readonly generation: number;
  readonly #payload: EachBatchPayload;
  readonly #delivery: Delivery;
  #rejoinError: unknown;

  constructor(payload: EachBatchPayload, delivery: Delivery) {
    this.#payload = payload;
    this.#delivery = delivery;
    this.topic = payload.batch.topic;
    this.partition = payload.batch.partition;
    this.records = payload.batch.messages.map(toRecord);
    this.lastOffset = payload.batch.lastOffset();
    this.generation = delivery.progress.generation;
  }

  async commit(lastOffset: string, metadata?: string): Promise<void> {
    await this.#commit(String(BigInt(lastOffset) + 1n), metadata);
    this.passed(lastOffset);
  }

  passed(lastOffset: string): void {
    this.#payload.resolveOffset(lastOffset);
    this.#delivery.progress.committed(this.topic, this.partition);
  }

  async note(firstOffset: string, metadata: string): Promise<void> {
    await this.#commit(firstOffset, metadata);
  }

  readOn(): void {
    const { topic, partition } = this;
    const first = this.records[0]?.offset ?? this.#payload.batch.firstOffset() ?? this.lastOffset;
    this.#delivery.progress.readAhead(topic, partition, first);
    this.#payload.resolveOffset(this.records.at(-1)?.offset ?? this.lastOffset);
  }

  position(): Promise<GroupPosition> {
    return this.#delivery.position(this.topic, this.partition);
  }

  /**
   * What kafkajs itself said when the group wants this member to join again. The handler's own failure goes through
   * Nest, which makes an anonymous error of it, and kafkajs would take that for a fault to wait out: without the
   * original it goes on for seconds as a member that the group has forgotten.
   */
  get rejoinError(): unknown {
    return this.#rejoinError;
  }

  async heartbeat(): Promise<void> {
    try {
      await this.#payload.heartbeat();
    } catch (error) {
      this.#keepRejoinError(error);
      throw error;
    }
  }

  isStale(): boolean {
    return this.#isFenced() || this.#payload.isStale() || this.#delivery.isClosing();
  }

  /** Reads again from the last commit, when records were read beyond it. Call it when the handler has failed. */
  rewind(): void {
    const { topic, partition } = this;
    const offset = this.#delivery.progress.readAheadFrom(topic, partition);
    if (offset === undefined || this.#isFenced()) return;
    this.#delivery.progress.committed(topic, partition);
    this.#delivery.consumer.seek({ topic, partition, offset });
  }

  /**
   * Not by `consumer.commitOffsets`: kafkajs repeats that one also after it has joined again, under the new generation,
   * for a partition that may be another member's by then; and it says nothing when the consumer was stopped.
   */
  async #commit(offset: string, metadata: string | undefined): Promise<void> {
    const { topic, partition } = this;
    const commit = { partition, offset, ...(metadata !== undefined && { metadata }) };
    for (let attempt = 1; ; attempt += 1) {
      this.#refuseIfFenced();
      try {
        await this.#payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [commit] }] });
        break;
      } catch (error) {
        this.#keepRejoinError(error);
        if (attempt === COMMIT_ATTEMPTS || asksToRejoin(error)) throw error;
        await sleep(COMMIT_DELAY_MS * 2 ** attempt);
      }
    }
    this.#refuseIfFenced();
    this.#delivery.progress.moved();
  }

  #keepRejoinError(error: unknown): void {
    if (asksToRejoin(error)) this.#rejoinError = error;
  }

  #refuseIfFenced(): void {
    if (this.#isFenced()) throw new RollcallError('KFK_FENCED', `${this.topic}/${this.partition}`);
  }

  #isFenced(): boolean {
    return this.generation !== this.#delivery.progress.generation || !this.#payload.isRunning();
  }
}

/** A message of kafkajs as records are everywhere else. */
export function toRecord(message: EachBatchPayload['batch']['messages'][number]): ConsumedRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {}))
    headers[name] = (Array.isArray(value) ? value[0] : value)?.toString() ?? '';
  return {
    offset: message.offset,
    value: message.value ?? Buffer.alloc(0),
    headers,
    timestamp: message.timestamp,
  };
}
