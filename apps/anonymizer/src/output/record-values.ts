import { HEADERS, RECORD_VERSION, type TableName } from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';

/**
 * Largest record value, in characters of NDJSON. Rows are ASCII but for a few kept words, so this is about its size in
 * bytes, well below what brokers take by default (1 MiB) even without compression.
 */
const MAX_VALUE_LENGTH = 900_000;

/** Gathers lines of one table into as few record values as the size limit allows. */
export class RecordValues {
  readonly #table: TableName;
  readonly #sealed: ProducedRecord[] = [];
  #lines: string[] = [];
  #length = 0;
  #totalLength = 0;

  constructor(table: TableName) {
    this.#table = table;
  }

  /** Characters gathered so far, in all values. */
  get totalLength(): number {
    return this.#totalLength;
  }

  add(line: string): void {
    if (this.#length > 0 && this.#length + line.length > MAX_VALUE_LENGTH) this.#seal();
    this.#lines.push(line);
    this.#length += line.length;
    this.#totalLength += line.length;
  }

  /** The records, in the order in which their lines came; empty without lines. */
  toRecords(): readonly ProducedRecord[] {
    if (this.#lines.length > 0) this.#seal();
    return this.#sealed;
  }

  #seal(): void {
    this.#sealed.push({
      value: this.#lines.join(''),
      headers: {
        [HEADERS.version]: RECORD_VERSION,
        [HEADERS.table]: this.#table,
        [HEADERS.count]: String(this.#lines.length),
      },
    });
    this.#lines = [];
    this.#length = 0;
  }
}
