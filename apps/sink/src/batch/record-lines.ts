import { HEADERS } from '@rollcall/contracts-transport';
import type { ConsumedRecord } from '@rollcall/kafka';

const LINE_END = 0x0a;

/** One row as bytes, with its line end, and where it came from. */
export interface Line {
  readonly offset: string;
  /** Position within its record. */
  readonly index: number;
  readonly bytes: Buffer;
}

/**
 * The lines of records, in order, as views on their bytes. Nothing is decoded: a line end cannot stand inside a JSON
 * string. Empty lines are left out.
 */
export function linesOf(records: readonly ConsumedRecord[]): Line[] {
  const lines: Line[] = [];
  for (const { offset, value } of records) {
    let index = 0;
    for (let start = 0; start < value.length;) {
      const end = endOfLine(value, start);
      const bytes = value.subarray(start, end);
      if (bytes.length > 1 || bytes[0] !== LINE_END) lines.push({ offset, index: index++, bytes });
      start = end;
    }
  }
  return lines;
}

/** How many rows a record holds: what its header says, else its lines counted. */
export function rowCountOf(record: ConsumedRecord): number {
  const claimed = Number(record.headers[HEADERS.count]);
  return Number.isSafeInteger(claimed) && claimed > 0 ? claimed : linesOf([record]).length;
}

function endOfLine(value: Buffer, start: number): number {
  const at = value.indexOf(LINE_END, start);
  return at === -1 ? value.length : at + 1;
}
