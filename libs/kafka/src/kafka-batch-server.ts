import { setTimeout as sleep } from 'node:timers/promises';
import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { lastValueFrom } from 'rxjs';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { createKafka } from './client.ts';
import { ConsumerProgress, type ConsumerHealth } from './consumer-progress.ts';
import { ConsumerWatchdog } from './consumer-watchdog.ts';
import { DeliveredBatch, type Delivery } from './delivered-batch.ts';
import { quiet } from './admin.ts';
import { fetchGroupLag } from './group-lag.ts';
import { fetchGroupPosition } from './group-position.ts';
import type { PartitionLag } from './lag-watch.ts';
import type { KafkaSettings } from './settings.ts';

/** How much a fetch waits for and brings. Larger fetches make larger inserts and fewer commits. */
export interface FetchSettings {
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
  /** Age limit of a batch: a fetch answers after this time with what there is. */
  readonly maxWaitMs: number;
}

/** How a member of a consumer group reads, and whom it tells when it cannot go on. */
export interface KafkaBatchServerOptions {
  readonly settings: KafkaSettings;
  readonly groupId: string;
  readonly fetch: FetchSettings;
  /** A member silent for this long loses its partitions to the others. */
  readonly sessionTimeoutMs: number;
  readonly partitionsConcurrently: number;
  readonly log: Log;
  /** Called once when the consumer cannot go on: the process should end and be started again. */
  readonly onFatal: (error: RollcallError) => void;
  /** Without progress for this long, while Kafka answers, the consumer counts as stalled. */
  readonly stallAfterMs?: number;
  /** Epoch ms since when a handler waits for a store; a batch in hand is no stall meanwhile. Never, unless given. */
  readonly waitingSince?: () => number | undefined;
}

/** Longest wait for handlers when closing; the whole service has to be gone in less than ten seconds. */
const DRAIN_MS = 4_000;
const DRAIN_POLL_MS = 20;

const LAG_KEPT_MS = 2_000;

type ServerEvents = Record<string, (...args: unknown[]) => void>;

/**
 * Nest transport over kafkajs `eachBatch`: a handler is called once per fetched batch and partition, not per message.
 * (Nest's own ServerKafka is `eachMessage`, a quarter as fast.)
 *
 * Guarantee: at least once. Nothing is committed but by `batch.commit`; what a handler did not commit, because it
 * threw, the partition moved or the process died, is read again. Handlers of different partitions run side by side.
 * @see docs/adr/0008-batch-identity.md
 */
export class KafkaBatchServer extends Server<ServerEvents> implements CustomTransportStrategy {
  override readonly transportId = Symbol('kafka-batch');
  override readonly propagatesEventHandlerErrors: boolean = true;
  readonly #options: KafkaBatchServerOptions;
  readonly #progress = new ConsumerProgress(Date.now);
  readonly #consumer: Consumer;
  readonly #delivery: Delivery;
  readonly #watchdog: ConsumerWatchdog;
  #lag: number | undefined;
  #lagAt = Number.NEGATIVE_INFINITY;
  #isClosing = false;

  constructor(options: KafkaBatchServerOptions) {
    super();
    this.#options = options;
    const { settings, log, groupId, fetch, sessionTimeoutMs } = options;
    this.#consumer = createKafka(settings, log).consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
      minBytes: fetch.minBytes,
      maxBytes: fetch.maxBytes,
      maxBytesPerPartition: fetch.maxBytesPerPartition,
      maxWaitTimeInMs: fetch.maxWaitMs,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      retry: {
        // what lies in Kafka waits for the next attempt, so attempts are close; five seconds of them before it starts anew
        initialRetryTime: 50,
        maxRetryTime: 400,
        retries: 14,
        restartOnFailure: () => Promise.resolve(true),
      },
    });
    this.#delivery = {
      consumer: this.#consumer,
      progress: this.#progress,
      isClosing: () => this.#isClosing,
      position: (topic, partition) =>
        fetchGroupPosition(settings, { groupId, topic, partition }, log),
    };
    this.#watchdog = new ConsumerWatchdog({
      health: () => this.#progress.health(),
      lags: () => this.#lags(),
      stalls: (since) => this.#progress.stalls(since),
      onStalled: (error) => this.#fail(error),
      clock: Date.now,
      stallAfterMs: options.stallAfterMs ?? 60_000,
      waitingSince: options.waitingSince ?? (() => undefined),
    });
    this.#followMembership();
  }

  listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  /** Stops fetching, lets handlers finish, leaves the group. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#watchdog.stop();
    this.#pause();
    await this.#drain();
    await this.#consumer.disconnect();
  }

  #pause(): void {
    try {
      this.#consumer.pause([...this.messageHandlers.keys()].map((topic) => ({ topic })));
    } catch {
      // it has not begun yet, or has ended by itself
    }
  }

  /** A stopped consumer commits nothing, so what handlers have in hand gets a moment to be committed first. */
  async #drain(): Promise<void> {
    const until = Date.now() + DRAIN_MS;
    while (this.#progress.health().oldestBatchAt !== undefined && Date.now() < until)
      await sleep(DRAIN_POLL_MS);
  }

  health(): ConsumerHealth {
    return this.#progress.health();
  }

  on<K extends keyof ServerEvents>(): never {
    throw new TypeError(
      'The Kafka transport emits no events of its own; use health().' satisfies K | string,
    );
  }

  unwrap<T>(): T {
    return this.#consumer as T;
  }

  async #start(): Promise<void> {
    this.#watchdog.start();
    await this.#consumer.connect();
    await this.#consumer.subscribe({
      topics: [...this.messageHandlers.keys()],
      fromBeginning: true,
    });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#options.partitionsConcurrently,
      eachBatch: (payload) => this.#handle(payload),
    });
  }

  async #handle(payload: EachBatchPayload): Promise<void> {
    const handler = this.messageHandlers.get(payload.batch.topic);
    if (handler === undefined || this.#isClosing) return;
    const batch = new DeliveredBatch(payload, this.#delivery);
    const end = this.#progress.begin();
    try {
      const handled: unknown = await handler(batch, new BaseRpcContext([]));
      await lastValueFrom(this.transformToObservable(handled), { defaultValue: undefined });
    } catch (error) {
      batch.rewind();
      throw batch.rejoinError ?? error;
    } finally {
      end();
    }
  }

  #followMembership(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.#progress.joined(payload.memberAssignment);
      this.#options.log.info('Joined the consumer group.', {
        groupId: payload.groupId,
        partitions: this.#progress.health().assigned.join(', '),
      });
    });
    this.#consumer.on(events.REBALANCING, () => this.#progress.left());
    this.#consumer.on(events.DISCONNECT, () => this.#progress.left());
    this.#consumer.on(events.FETCH, () => this.#progress.moved());
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) =>
      this.#progress.batchEnded(payload.topic, payload.partition, payload.lastOffset),
    );
    this.#consumer.on(events.CRASH, ({ payload }) => {
      this.#progress.left();
      if (!payload.restart)
        this.#fail(
          new RollcallError('KFK_UNAVAILABLE', 'the consumer stopped', { cause: payload.error }),
        );
    });
  }

  /**
   * How many records of this member's partitions nobody has committed yet; undefined when Kafka does not say.
   *
   * Asks Kafka, at most once in {@link LAG_KEPT_MS}: whoever reads metrics may read them often.
   */
  async lagRecords(): Promise<number | undefined> {
    if (Date.now() - this.#lagAt < LAG_KEPT_MS) return this.#lag;
    this.#lagAt = Date.now();
    const { assigned } = this.#progress.health();
    try {
      const lags = await this.#lags();
      const ours = [...lags].filter(([key]) => assigned.includes(key));
      this.#lag = ours.reduce((sum, [, { position, end }]) => sum + Number(end - position), 0);
    } catch {
      this.#lag = undefined;
    }
    return this.#lag;
  }

  #lags(): Promise<ReadonlyMap<string, PartitionLag>> {
    const { settings, groupId } = this.#options;
    const topics = [...this.messageHandlers.keys()];
    return fetchGroupLag(settings, { groupId, topics, readTo: this.#progress.readTo }, quiet);
  }

  #fail(error: RollcallError): void {
    if (this.#isClosing) return;
    this.#watchdog.stop();
    this.#options.onFatal(error);
  }
}
