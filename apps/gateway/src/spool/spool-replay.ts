import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@rollcall/pipeline';
import type { DiskSpool, ReadSegment } from './disk-spool.ts';
import type { SpooledRecord } from './frame.ts';

export interface ReplayPorts {
  readonly spool: DiskSpool;
  /** Resolves when Kafka has acknowledged the record. */
  readonly produce: (record: SpooledRecord) => Promise<void>;
  readonly replayed: (eventCount: number) => void;
  readonly log: Log;
}

const RETRY_MS = 250;
const LOOK_MS = 100;

/**
 * Gives to Kafka what lies in the spool: oldest first, one record at a time, each segment removed when Kafka has all of
 * it. It is also what finds out that Kafka is back.
 */
export class SpoolReplay {
  readonly #ports: ReplayPorts;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(ports: ReplayPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the record under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      if (this.#ports.spool.bytes === 0) await this.#pause(LOOK_MS);
      else await this.#replayOne();
    }
  }

  async #replayOne(): Promise<void> {
    const { spool, log } = this.#ports;
    try {
      const read = await spool.oldest();
      if (read === undefined) await this.#pause(LOOK_MS);
      else if (await this.#produceAll(read)) await spool.remove(read.segment);
    } catch {
      log.warn('Cannot read a spool segment yet.');
      await this.#pause(RETRY_MS);
    }
  }

  /** @returns false when stopped before Kafka had everything. */
  async #produceAll({ records }: ReadSegment): Promise<boolean> {
    for (const record of records) if (!(await this.#produce(record))) return false;
    return true;
  }

  async #produce(record: SpooledRecord): Promise<boolean> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#ports.produce(record);
        this.#ports.replayed(record.eventCount);
        return true;
      } catch {
        await this.#pause(RETRY_MS);
      }
    }
    return false;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => undefined);
  }
}
