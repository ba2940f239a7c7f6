import { HEADERS, RECORD_VERSION, type TableName } from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';

/** Largest record value: below what brokers take by default (1 MiB) even where nothing compresses it. */
const MAX_VALUE_BYTES = 900_000;

/** A window often holds one small event: its buffer starts small and grows in steps. */
const FIRST_BYTES = 16_384;
const GROWTH = 4;
const EMPTY = Buffer.alloc(0);

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Gathers lines of one table into as few record values as the size limit allows.
 *
 * Lines become bytes at once: thousands of texts that live until the window is full cost the garbage collector more
 * than everything else that is done with an event.
 */
export class RecordValues {
  readonly #table: TableName;
  readonly #sealed: ProducedRecord[] = [];
  #buffer = EMPTY;
  #length = 0;
  #lineCount = 0;
  #sealedBytes = 0;

  constructor(table: TableName) {
    this.#table = table;
  }

  /** Bytes gathered so far, in all values. */
  get byteCount(): number {
    return this.#sealedBytes + this.#length;
  }

  add(line: string): void {
    const buffer = this.#roomFor(line.length * MAX_BYTES_PER_UNIT);
    this.#length += buffer.write(line, this.#length);
    this.#lineCount += 1;
  }

  /** The records, in the order in which their lines came; empty without lines. */
  toRecords(): readonly ProducedRecord[] {
    this.#seal();
    return this.#sealed;
  }

  #roomFor(byteCount: number): Buffer {
    if (this.#length + byteCount > MAX_VALUE_BYTES) this.#seal();
    const needed = this.#length + byteCount;
    if (this.#buffer.length >= needed) return this.#buffer;
    // a single line may be longer than the limit: it goes alone
    const size = Math.max(needed, Math.min(this.#buffer.length * GROWTH, MAX_VALUE_BYTES));
    const grown = Buffer.allocUnsafeSlow(Math.max(size, FIRST_BYTES));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
    return grown;
  }

  #seal(): void {
    if (this.#lineCount === 0) return;
    this.#sealed.push({
      value: this.#buffer.subarray(0, this.#length),
      headers: {
        [HEADERS.version]: RECORD_VERSION,
        [HEADERS.table]: this.#table,
        [HEADERS.count]: String(this.#lineCount),
      },
    });
    this.#sealedBytes += this.#length;
    this.#buffer = EMPTY;
    this.#length = 0;
    this.#lineCount = 0;
  }
}
