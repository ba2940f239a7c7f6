import { TOPICS, type Code, type Rejection } from '@rollcall/contracts-transport';
import type { ConsumedRecord } from '@rollcall/kafka';
import { formatSecond, type DropLog } from '@rollcall/privacy';

interface Sum {
  readonly project: string;
  readonly code: Code;
  count: number;
  /** Line of the only event that was refused so; -1 for more than one, and for fields. */
  index: number;
}

const NO_SINGLE_LINE = -1;

/**
 * What was refused and dropped in one raw record: sums by project and code. Holds no content, and no more entries than
 * projects × codes, whatever the record holds.
 */
export class RejectionTally implements DropLog {
  readonly #sums = new Map<string, Map<Code, Sum>>();

  /** A field or sample of an event that goes on. Its path is content and is not looked at. */
  add(project: string, code: Code): void {
    this.#count(project, code, NO_SINGLE_LINE);
  }

  /** An event that ends here; `project` is empty when it is none of the catalogue's. */
  refuse(project: string, code: Code, index: number): void {
    this.#count(project, code, index);
  }

  /**
   * Rows for the rejected topic. They are made of the record alone (its own time too), so that a record that is read
   * twice gives equal rows, which ClickHouse keeps once.
   */
  toRejections(partition: number, { offset, timestamp }: ConsumedRecord): Rejection[] {
    const at = formatSecond(Number(timestamp));
    return [...this.#sums.values()].flatMap((codes) =>
      [...codes.values()].map((sum) => ({
        ...sum,
        stage: 'anonymizer',
        topic: TOPICS.raw,
        partition,
        offset,
        at,
      })),
    );
  }

  #count(project: string, code: Code, index: number): void {
    let codes = this.#sums.get(project);
    if (codes === undefined) this.#sums.set(project, (codes = new Map<Code, Sum>()));
    const sum = codes.get(code);
    if (sum === undefined) codes.set(code, { project, code, count: 1, index });
    else {
      sum.count += 1;
      sum.index = NO_SINGLE_LINE;
    }
  }
}
