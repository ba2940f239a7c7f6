import { Counter, type Registry } from 'prom-client';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import type { ErasureReports, ErasureStep } from './eraser.ts';

/** What erasing says: steps and counts, never whose. */
export class ErasureTelemetry implements ErasureReports {
  readonly #log: Log;
  readonly #steps: Counter<'step'>;
  readonly #lateRows: Counter;
  readonly #failures: Counter<'code'>;
  #isFailing = false;

  constructor(registry: Registry, log: Log) {
    this.#log = log;
    const registers = [registry];
    this.#steps = new Counter({
      name: 'sink_erasure_steps_total',
      help: 'Steps of erasures: counted, deleted, verified',
      labelNames: ['step'],
      registers,
    });
    this.#lateRows = new Counter({
      name: 'sink_erasure_late_rows_total',
      help: 'Late and replayed rows of erased installations that were deleted again',
      registers,
    });
    this.#failures = new Counter({
      name: 'sink_erasure_failures_total',
      help: 'Looks for erasures that ClickHouse did not let finish, by code; they are tried again',
      labelNames: ['code'],
      registers,
    });
  }

  erasureStep(step: ErasureStep): void {
    this.#isFailing = false;
    this.#steps.inc({ step });
    this.#log.info('Erasure.', { step });
  }

  lateRowsDeleted(count: number): void {
    this.#lateRows.inc(count);
    this.#log.info('Rows of an erased installation came late and were deleted.', { count });
  }

  erasurePassFailed(error: unknown): void {
    const code = error instanceof RollcallError ? error.code : 'CH_UNAVAILABLE';
    this.#failures.inc({ code });
    // an outage is said once
    if (!this.#isFailing) this.#log.warn('Erasures have to wait.', { code });
    this.#isFailing = true;
  }
}
