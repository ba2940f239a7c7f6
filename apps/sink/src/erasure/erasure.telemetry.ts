import { Counter, type Registry } from 'prom-client';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import type { ErasureReports, ErasureStep } from './eraser.ts';

/** What erasing says: steps and counts, never whose. */
export class ErasureTelemetry implements ErasureReports {
  readonly #log: Log;
  readonly #steps: Counter<'step'>;
  readonly #lateRows: Counter<'table'>;
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
      help: 'Rows of erased installations that were found in a table later and were deleted',
      labelNames: ['table'],
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

  lateRowsDeleted(table: string, count: number): void {
    this.#lateRows.inc({ table }, count);
    this.#log.warn('Rows of erased installations were found and deleted.', { table, count });
  }

  erasurePassFailed(error: unknown): void {
    const code = error instanceof RollcallError ? error.code : 'CH_UNAVAILABLE';
    this.#failures.inc({ code });
    // an outage is said once
    if (!this.#isFailing) this.#log.warn('Erasures have to wait.', { code });
    this.#isFailing = true;
  }
}
