import { setTimeout as sleep } from 'node:timers/promises';
import { HEADERS, RECORD_VERSION, RollcallError, TOPICS } from '@rollcall/contracts-transport';
import type { RecordProducer } from '@rollcall/kafka';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { ProduceProbe } from '../health/produce-probe.ts';
import type { DiskSpool } from '../spool/disk-spool.ts';
import type { SpooledRecord } from '../spool/frame.ts';
import { RecordBatcher, type BatcherOptions } from './record-batcher.ts';

export interface RawTopicOptions extends Omit<BatcherOptions, 'send' | 'clock'> {
  /** A send that Kafka has not acknowledged for this long goes to the spool, where there is one. */
  readonly spoolAfterMs: number;
}

const DRAIN_LIMIT_MS = 5_000;
const DISCONNECT_LIMIT_MS = 1_000;

/**
 * The raw topic as the gateway writes to it: batched, measured, and drained before the producer goes.
 *
 * With a spool, what Kafka does not acknowledge goes to disk, and so does all that follows until Kafka acknowledges
 * again. A record may then be in both: its events carry their ids, and are counted once.
 */
export class RawTopic {
  readonly #batcher: RecordBatcher;
  readonly #spoolAfterMs: number;
  #producer: RecordProducer | undefined;
  #spool: DiskSpool | undefined;
  #isKafkaAway = false;
  #telemetry: GatewayTelemetry | undefined;
  #probe: ProduceProbe | undefined;

  constructor({ spoolAfterMs, ...limits }: RawTopicOptions) {
    this.#spoolAfterMs = spoolAfterMs;
    this.#batcher = new RecordBatcher({
      ...limits,
      clock: Date.now,
      send: (lines, eventCount) => this.#store({ lines, eventCount }),
    });
  }

  get pendingBytes(): number {
    return this.#batcher.pendingBytes;
  }

  get spoolBytes(): number {
    return this.#spool?.bytes ?? 0;
  }

  /** Whether events that come now are kept on disk, although Kafka does not take them. */
  get isSpooling(): boolean {
    return this.#isKafkaAway && this.#spool?.hasRoom === true;
  }

  /** Says what happens to the ones who tell about it and judge readiness by it. */
  report(telemetry: GatewayTelemetry, probe: ProduceProbe): void {
    this.#telemetry = telemetry;
    this.#probe = probe;
  }

  /** From here on events can be stored, on disk; Kafka is taken for away until it has acknowledged something. */
  spoolTo(spool: DiskSpool): void {
    this.#spool = spool;
  }

  /** From here on events can be stored; before, every request is answered 503, unless there is a spool. */
  connected(producer: RecordProducer): void {
    this.#producer = producer;
  }

  append(lines: Buffer, eventCount: number): Promise<void> {
    return this.#batcher.append(lines, eventCount);
  }

  /** @throws KFK_UNAVAILABLE, KFK_PRODUCE_FAILED */
  async produce({ lines, eventCount }: SpooledRecord): Promise<void> {
    const startedAt = performance.now();
    if (this.#producer === undefined)
      throw new RollcallError('KFK_UNAVAILABLE', 'not connected yet');
    await this.#producer.send(TOPICS.raw, undefined, [
      {
        value: lines,
        headers: { [HEADERS.version]: RECORD_VERSION, [HEADERS.count]: String(eventCount) },
      },
    ]);
    this.#isKafkaAway = false;
    this.#probe?.acknowledged();
    this.#telemetry?.recordProduced(performance.now() - startedAt);
  }

  /** Whatever was not answered yet is stored or given up, then the producer goes. */
  async close(): Promise<void> {
    await Promise.race([this.#batcher.drain(), sleep(DRAIN_LIMIT_MS, undefined, { ref: false })]);
    const left = this.#producer?.disconnect();
    await Promise.race([left, sleep(DISCONNECT_LIMIT_MS, undefined, { ref: false })]);
  }

  async #store(record: SpooledRecord): Promise<void> {
    // an empty record proves the way to Kafka; on disk it would prove nothing
    const spool = record.lines.length > 0 ? this.#spool : undefined;
    if (spool !== undefined && this.#isKafkaAway) return this.#toDisk(spool, record);
    try {
      await (spool === undefined ? this.produce(record) : this.#produceInTime(record));
    } catch (error) {
      this.#probe?.failed();
      const code = error instanceof RollcallError ? error.code : 'GW_INTERNAL';
      this.#telemetry?.sendFailed(code, this.#spool !== undefined);
      if (spool === undefined) throw error;
      await this.#toDisk(spool, record);
      this.#isKafkaAway = true;
    }
  }

  async #toDisk(spool: DiskSpool, record: SpooledRecord): Promise<void> {
    await spool.append(record);
    this.#telemetry?.eventsSpooled(record.eventCount);
  }

  /** A send that comes too late may succeed all the same. Then its events are in Kafka twice, under the same ids. */
  async #produceInTime(record: SpooledRecord): Promise<void> {
    const timer = new AbortController();
    const late = sleep(this.#spoolAfterMs, undefined, { signal: timer.signal }).then(
      () => {
        throw new RollcallError('KFK_PRODUCE_FAILED', 'no acknowledgement in time');
      },
      () => undefined,
    );
    try {
      await Promise.race([this.produce(record), late]);
    } finally {
      timer.abort();
    }
  }
}
