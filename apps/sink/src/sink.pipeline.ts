import type { ConsumedBatch } from '@rollcall/kafka';
import { cutWindows, type BatchWindow, type WindowLimits } from './batch/batch-window.ts';
import { rowCountOf } from './batch/record-lines.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { insertRows, type InsertedRows } from './insert/line-bisection.ts';
import type { PatientInsert } from './insert/patient-insert.ts';
import type { SinkTelemetry } from './sink.telemetry.ts';

export interface SinkPipelineParts {
  readonly inserts: PatientInsert;
  readonly deadLetters: DeadLetters;
  readonly telemetry: SinkTelemetry;
  readonly limits: WindowLimits;
}

/**
 * The page to read first. What one fetch brought for one partition goes, in offset order:
 *
 * 1. cut into windows by rows and bytes, each with its identity
 * 2. inserted, one insert per table, under a token made of that identity; waiting while ClickHouse is away
 * 3. what no table takes is written down as dead letters, by coordinates
 * 4. committed, when all of that is durable
 *
 * Rows are bytes here: none is parsed.
 *
 * Guarantee: at least once; nothing is committed before it is stored. A window that is repeated whole stores nothing twice.
 */
export class SinkPipeline {
  readonly #parts: SinkPipelineParts;

  constructor(parts: SinkPipelineParts) {
    this.#parts = parts;
  }

  /** @throws what the transport answers with a fresh read: a lost partition, a dead letter that Kafka did not take. */
  async run(batch: ConsumedBatch): Promise<void> {
    for (const window of cutWindows(batch, this.#parts.limits)) {
      const letters = await this.#insertWindow(batch, window);
      if (letters === undefined) return;
      await this.#parts.deadLetters.write(letters);
      await batch.commit(window.identity.lastOffset);
      this.#parts.telemetry.windowCommitted(letters);
    }
  }

  /** @returns the dead letters of the window; undefined when the partition was lost meanwhile. */
  async #insertWindow(
    batch: ConsumedBatch,
    window: BatchWindow,
  ): Promise<DeadLetter[] | undefined> {
    const { inserts, telemetry } = this.#parts;
    const letters = toLettersOfRecords(window);
    for (const table of window.tables) {
      const inserted = await insertRows(inserts, batch, table);
      if (inserted === undefined) return undefined;
      telemetry.rowsInserted(table, inserted.insertedCount, inserted.refused.length);
      letters.push(...toLettersOfLines(window, inserted));
    }
    return letters;
  }
}

function toLettersOfRecords({ identity, unreadable }: BatchWindow): DeadLetter[] {
  const { topic, partition } = identity;
  return unreadable.map((record) => ({
    code: 'SK_RECORD_UNREADABLE',
    topic,
    partition,
    offset: record.offset,
    index: -1,
    count: rowCountOf(record),
  }));
}

function toLettersOfLines({ identity }: BatchWindow, { refused }: InsertedRows): DeadLetter[] {
  const { topic, partition } = identity;
  return refused.map(({ offset, index }) => ({
    code: 'SK_ROW_REFUSED',
    topic,
    partition,
    offset,
    index,
    count: 1,
  }));
}
