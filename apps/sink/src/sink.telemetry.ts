import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StoreOutcome } from '@rollcall/clickhouse';
import type { Code, TableName } from '@rollcall/contracts-transport';
import type { Clock, Log } from '@rollcall/pipeline';
import type { TableBatch } from './batch/batch-window.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { InsertedRows } from './insert/inserted-rows.ts';

/** An outage is said once, then again after this long. */
const REPEAT_LOG_MS = 30_000;

export interface SinkTelemetryParts {
  readonly registry: Registry;
  readonly log: Log;
  readonly clock: Clock;
}

/** Everything the sink says: metric and log line leave together. Per batch, with coordinates, never content. */
export class SinkTelemetry {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #rows: Counter<'table'>;
  readonly #keptOut: Counter<'table'>;
  readonly #bytes: Counter<'table'>;
  readonly #inserts: Counter<'table' | 'outcome'>;
  readonly #seconds: Histogram<'table'>;
  readonly #delays: Counter<'code'>;
  readonly #deadLetters: Counter<'code'>;
  readonly #resumed: Counter;
  readonly #available: Gauge;
  #delayedSince: number | undefined;
  #loggedAt = 0;

  constructor({ registry, log, clock }: SinkTelemetryParts) {
    this.#log = log;
    this.#clock = clock;
    const registers = [registry];
    this.#rows = new Counter({
      name: 'sink_rows_inserted_total',
      help: 'Rows that ClickHouse confirmed, also those it had already',
      labelNames: ['table'],
      registers,
    });
    this.#keptOut = createKeptOut(registers);
    this.#bytes = new Counter({
      name: 'sink_bytes_inserted_total',
      help: 'NDJSON bytes of batches that ClickHouse confirmed',
      labelNames: ['table'],
      registers,
    });
    this.#inserts = new Counter({
      name: 'sink_inserts_total',
      help: 'Inserts by how they ended: ok, retry or dead_letter',
      labelNames: ['table', 'outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'sink_insert_duration_seconds',
      help: 'From sending an insert to its answer',
      labelNames: ['table'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.#delays = new Counter({
      name: 'sink_inserts_delayed_total',
      help: 'Inserts that have to be tried again, by code',
      labelNames: ['code'],
      registers,
    });
    this.#deadLetters = new Counter({
      name: 'sink_dead_letters_total',
      help: 'Rows and records that no table takes, by code',
      labelNames: ['code'],
      registers,
    });
    this.#resumed = createResumed(registers);
    this.#available = new Gauge({
      name: 'sink_clickhouse_available',
      help: '1 while inserts are answered, 0 while they have to be tried again',
      registers,
    });
    this.#available.set(1);
  }

  /** Runs an insert and measures it. */
  async timeInsert<Outcome extends StoreOutcome>(
    table: TableName,
    insert: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const stop = this.#seconds.startTimer({ table });
    const outcome = await insert();
    stop();
    this.#inserts.inc({ table, outcome: outcome.kind });
    if (outcome.kind !== 'retry') this.#answered();
    return outcome;
  }

  /** An insert has to wait. `vendorCode` is a code of ClickHouse or of the network, never a text. */
  insertDelayed(code: Code, vendorCode: string): void {
    this.#delays.inc({ code });
    this.#available.set(0);
    const now = this.#clock();
    this.#delayedSince ??= now;
    if (now - this.#loggedAt < REPEAT_LOG_MS) return;
    this.#loggedAt = now;
    const hint = code === 'CH_SCHEMA_BEHIND' ? { hint: 'run `rollcall setup`' } : {};
    this.#log.warn('ClickHouse takes no rows; waiting and trying again.', {
      code,
      vendorCode,
      ...hint,
    });
  }

  /** A window that was written down and not committed is inserted again, under the tokens it had. */
  windowResumed(): void {
    this.#resumed.inc();
  }

  rowsInserted(
    { table, byteCount, rowCount, token }: TableBatch,
    { insertedCount: inserted, keptOutCount: keptOut, refused: { length: refused } }: InsertedRows,
  ): void {
    this.#rows.inc({ table }, inserted);
    if (keptOut > 0) this.#keptOut.inc({ table }, keptOut);
    this.#bytes.inc({ table }, byteCount);
    if (inserted + keptOut + refused !== rowCount)
      this.#log.warn('A batch had other rows than its headers say.', {
        token,
        rowCount,
        inserted,
        keptOut,
        refused,
      });
  }

  windowCommitted(letters: readonly DeadLetter[]): void {
    for (const [code, ofCode] of Map.groupBy(letters, (letter) => letter.code)) {
      this.#deadLetters.inc({ code }, ofCode.length);
      const [{ topic, partition, offset, index }] = ofCode as [DeadLetter];
      this.#log.error('Rows were left out; dead letters hold their coordinates.', {
        code,
        count: ofCode.length,
        first: { topic, partition, offset, index },
      });
    }
  }

  #answered(): void {
    this.#available.set(1);
    if (this.#delayedSince === undefined) return;
    const delayedMs = this.#clock() - this.#delayedSince;
    this.#delayedSince = undefined;
    this.#loggedAt = 0;
    this.#log.info('ClickHouse takes rows again.', { delayedMs });
  }
}

function createKeptOut(registers: Registry[]): Counter<'table'> {
  return new Counter({
    name: 'sink_rows_kept_out_total',
    help: 'Late and replayed rows of erased installations, which were not inserted',
    labelNames: ['table'],
    registers,
  });
}

function createResumed(registers: Registry[]): Counter {
  return new Counter({
    name: 'sink_windows_resumed_total',
    help: 'Windows that were intended before a restart or a rebalance and were repeated as intended',
    registers,
  });
}
