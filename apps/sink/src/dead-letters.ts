import {
  HEADERS,
  RECORD_VERSION,
  TABLES,
  TOPICS,
  type Code,
  type Rejection,
} from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';

/** What was refused, by coordinates. */
export interface DeadLetter {
  readonly code: Code;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Line within the record; -1 for the whole of it. */
  readonly index: number;
  readonly count: number;
}

/** Resolves when Kafka has acknowledged the record. */
export type SendRecord = (topic: string, record: ProducedRecord) => Promise<void>;

/** `YYYY-MM-DD hh:mm:ss`, UTC. */
function toSecond(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length).replace('T', ' ');
}

/**
 * Writes dead letters to the rejected topic: coordinates and a code, never content.
 *
 * The sink reads that topic too. What is wrong with its records is counted and logged but not written there again: a dead
 * letter about a dead letter would never end.
 */
export class DeadLetters {
  readonly #send: SendRecord;

  constructor(send: SendRecord) {
    this.#send = send;
  }

  /**
   * @param at epoch ms; the same when a batch comes again, since a letter written twice is one only when it is the same
   * @throws KFK_PRODUCE_FAILED: the batch is then not committed and comes again.
   */
  async write(letters: readonly DeadLetter[], at: number): Promise<void> {
    const rows = letters
      .filter(({ topic }) => topic !== TOPICS.rejected)
      .map((letter) => toRow(letter, at));
    if (rows.length === 0) return;
    await this.#send(TOPICS.rejected, {
      value: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      headers: {
        [HEADERS.version]: RECORD_VERSION,
        [HEADERS.count]: String(rows.length),
        [HEADERS.table]: TABLES.rejections,
      },
    });
  }
}

function toRow(letter: DeadLetter, at: number): Rejection {
  // The project stands in the row, and rows are not read here.
  return { project: '', stage: 'sink', ...letter, at: toSecond(at) };
}
