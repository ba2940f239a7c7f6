import { setTimeout as sleep } from 'node:timers/promises';
import { HEADERS, RECORD_VERSION, RollcallError, TOPICS } from '@rollcall/contracts-transport';
import type { RecordProducer } from '@rollcall/kafka';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { ProduceProbe } from '../health/produce-probe.ts';
import { RecordBatcher, type BatcherOptions } from './record-batcher.ts';

type Limits = Omit<BatcherOptions, 'send' | 'clock'>;

const DRAIN_LIMIT_MS = 5_000;

/** The raw topic as the gateway writes to it: batched, measured, and drained before the producer goes. */
export class RawTopic {
  readonly #batcher: RecordBatcher;
  #producer: RecordProducer | undefined;
  #telemetry: GatewayTelemetry | undefined;
  #probe: ProduceProbe | undefined;

  constructor(limits: Limits) {
    this.#batcher = new RecordBatcher({
      ...limits,
      clock: Date.now,
      send: (lines, count) => this.#send(lines, count),
    });
  }

  get pendingBytes(): number {
    return this.#batcher.pendingBytes;
  }

  /** Says what happens to the ones who tell about it and judge readiness by it. */
  report(telemetry: GatewayTelemetry, probe: ProduceProbe): void {
    this.#telemetry = telemetry;
    this.#probe = probe;
  }

  /** From here on events can be stored; before, every request is answered 503. */
  connected(producer: RecordProducer): void {
    this.#producer = producer;
  }

  append(lines: Buffer, eventCount: number): Promise<void> {
    return this.#batcher.append(lines, eventCount);
  }

  async close(): Promise<void> {
    await Promise.race([this.#batcher.drain(), sleep(DRAIN_LIMIT_MS, undefined, { ref: false })]);
    await this.#producer?.disconnect();
  }

  async #send(lines: Buffer, eventCount: number): Promise<void> {
    const startedAt = performance.now();
    try {
      if (this.#producer === undefined)
        throw new RollcallError('KFK_UNAVAILABLE', 'not connected yet');
      await this.#producer.send(TOPICS.raw, undefined, [
        {
          value: lines,
          headers: { [HEADERS.version]: RECORD_VERSION, [HEADERS.count]: String(eventCount) },
        },
      ]);
    } catch (error) {
      this.#probe?.failed();
      this.#telemetry?.sendFailed(error instanceof RollcallError ? error.code : 'GW_INTERNAL');
      throw error;
    }
    this.#probe?.acknowledged();
    this.#telemetry?.recordProduced(performance.now() - startedAt);
  }
}
