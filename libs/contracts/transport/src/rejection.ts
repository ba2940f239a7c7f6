import type { Code } from './codes.ts';

/** Where in the pipeline something was refused or dropped. */
export type Stage = 'gateway' | 'anonymizer' | 'sink';

/**
 * A line of the rejected topic and a row of `rollcall.rejections`: coordinates and a code, never content.
 *
 * The gateway refuses before anything is stored, so its rows have no coordinates (`partition` -1) and a count.
 */
export interface Rejection {
  readonly project: string;
  readonly stage: Stage;
  readonly code: Code;
  readonly topic: string;
  readonly partition: number;
  /** Kafka offset as a decimal string: it may pass 2^53. */
  readonly offset: string;
  /** Line within the record; -1 when the whole record or no single line is meant. */
  readonly index: number;
  /** How many events or fields this row stands for. */
  readonly count: number;
  /** `YYYY-MM-DD hh:mm:ss`, UTC. */
  readonly at: string;
  /**
   * Random UUID of a row without coordinates: it keeps two like rows of one second two, and a repeated one one.
   * Left out where the coordinates already do.
   */
  readonly rejection_id?: string | undefined;
}
