import type { ResumableBatch } from '@rollcall/kafka';
import type { Clock } from '@rollcall/pipeline';
import { cutWindows, toWindow, type BatchWindow, type WindowLimits } from './batch/batch-window.ts';
import { rowCountOf } from './batch/record-lines.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import type { InsertedRows } from './insert/inserted-rows.ts';
import { insertRows } from './insert/line-bisection.ts';
import type { PatientInsert } from './insert/patient-insert.ts';
import { formatNote, type Intent } from './intent/offset-note.ts';
import { PartitionLedgers, type PartitionLedger, type Taken } from './intent/partition-ledger.ts';
import type { SinkTelemetry } from './sink.telemetry.ts';

export interface SinkPipelineParts {
  readonly inserts: PatientInsert;
  readonly deadLetters: DeadLetters;
  readonly telemetry: SinkTelemetry;
  readonly limits: WindowLimits;
  readonly clock: Clock;
}

/** A window and the intent that names it. */
interface PlannedWindow {
  readonly window: BatchWindow;
  readonly intent: Intent;
}

/**
 * The page to read first. What one fetch brought for one partition goes, in offset order:
 *
 * 1. what the last owner of the partition intended and did not commit, is taken up first, exactly as it was
 * 2. the rest is cut into windows by rows and bytes
 * 3. a window's intent, its first and last offset, is written down beside the group's position
 * 4. it is inserted, one insert per table, under a token made of these offsets, without the rows of installations that
 *    were erased; waiting while ClickHouse is away
 * 5. what no table takes is written down as dead letters, by coordinates
 * 6. the window is committed, together with the intent of the next one
 *
 * Rows are bytes here: none is parsed but one that may be an erased installation's.
 *
 * Guarantee: exactly once within the deduplication window of the tables. Nothing is committed before it is stored, and
 * nothing is inserted that is not written down, so that a repetition has the same rows under the same token.
 * @see docs/adr/0011-exactly-once-inserts.md
 */
export class SinkPipeline {
  readonly #parts: SinkPipelineParts;
  readonly #ledgers = new PartitionLedgers();

  constructor(parts: SinkPipelineParts) {
    this.#parts = parts;
  }

  /** @throws what the transport answers with a fresh read: a lost partition, a dead letter that Kafka did not take. */
  async run(batch: ResumableBatch): Promise<void> {
    const ledger = await this.#ledgers.open(batch);
    let isDone = false;
    try {
      isDone = await this.#take(batch, ledger);
    } finally {
      // What was committed last is for the broker to say then.
      if (!isDone) this.#ledgers.forget(batch, ledger);
    }
  }

  /** @returns whether all that the batch brought is in order */
  async #take(batch: ResumableBatch, ledger: PartitionLedger): Promise<boolean> {
    const taken = ledger.take(batch);
    if (taken === undefined) {
      batch.readOn();
      return true;
    }
    const planned = this.#plan(ledger, taken);
    const isResumed = taken.intended !== undefined;
    if (isResumed) this.#parts.telemetry.windowResumed();
    const [first] = planned;
    if (first !== undefined && !isResumed) await this.#note(batch, ledger, first.intent);
    for (const [i, each] of planned.entries()) {
      const letters = await this.#insertWindow(batch, each.window);
      if (letters === undefined) return false;
      await this.#parts.deadLetters.write(letters, each.intent.at);
      const next = planned[i + 1]?.intent;
      await batch.commit(each.intent.last, formatNote({ life: ledger.origin.life, intent: next }));
      this.#parts.telemetry.windowCommitted(letters);
    }
    return true;
  }

  #plan({ origin }: PartitionLedger, { intended, rest }: Taken): readonly PlannedWindow[] {
    const at = this.#parts.clock();
    const windows = [...cutWindows({ origin, records: rest }, this.#parts.limits)];
    const planned = windows.map((window): PlannedWindow => {
      const { firstOffset, lastOffset } = window.identity;
      return { window, intent: { first: firstOffset, last: lastOffset, at } };
    });
    if (intended === undefined) return planned;
    const { intent, records } = intended;
    const identity = { ...origin, firstOffset: intent.first, lastOffset: intent.last };
    return [{ window: toWindow(identity, records), intent }, ...planned];
  }

  #note(batch: ResumableBatch, { origin }: PartitionLedger, intent: Intent): Promise<void> {
    return batch.note(intent.first, formatNote({ life: origin.life, intent }));
  }

  /** @returns the dead letters of the window; undefined when the partition was lost meanwhile. */
  async #insertWindow(
    batch: ResumableBatch,
    window: BatchWindow,
  ): Promise<DeadLetter[] | undefined> {
    const { inserts, telemetry } = this.#parts;
    const letters = toLettersOfRecords(window);
    for (const table of window.tables) {
      const inserted = await insertRows(inserts, batch, table);
      if (inserted === undefined) return undefined;
      telemetry.rowsInserted(table, inserted);
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
