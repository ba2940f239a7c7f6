import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouse } from '@rollcall/clickhouse';
import type { Eraser } from './eraser.ts';

interface LoopParts {
  readonly eraser: Pick<Eraser, 'pass'>;
  readonly store: Pick<ClickHouse, 'close'>;
  readonly telemetry: { erasurePassFailed(error: unknown): void };
  readonly everyMs: number;
}

/** Erases for as long as the service runs, one pass after the other. What fails is tried again with the next pass. */
export class ErasureLoop {
  readonly #parts: LoopParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#parts.store.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { eraser, telemetry, everyMs } = this.#parts;
    while (!signal.aborted) {
      try {
        await eraser.pass();
      } catch (error) {
        telemetry.erasurePassFailed(error);
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
