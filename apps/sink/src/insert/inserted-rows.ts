import type { Line } from '../batch/record-lines.ts';

/** What became of the rows of one table. */
export interface InsertedRows {
  readonly insertedCount: number;
  /** Rows of erased installations, which are not stored. */
  readonly keptOutCount: number;
  /** Lines that ClickHouse refuses, each by itself. */
  readonly refused: readonly Line[];
}
