import { isUtf8 } from 'node:buffer';
import { HEADERS, RECORD_VERSION, RollcallError } from '@rollcall/contracts-transport';
import type { ConsumedRecord, PartitionTransactions, TransactionalBatch } from '@rollcall/kafka';
import type { Anonymizer } from '@rollcall/privacy';
import { RejectionTally } from './output/rejection-tally.ts';
import type { RowTopics } from './output/row-topics.ts';
import { Window } from './output/window.ts';

const FAILED = { kind: 'failed', code: 'AN_EVENT_FAILED' } as const;
type Failed = typeof FAILED;

/** What the pipeline tells once rows are committed. */
export interface PipelineReports {
  windowCommitted(window: Window, durationMs: number): void;
}

/** What is needed of the transactions of a partition. */
export type Transactions = Pick<PartitionTransactions, 'remaining' | 'commit'>;

export interface AnonymizerPorts {
  /** All that happens to one event; its steps and their order are `libs/privacy/src/anonymize.pipeline.ts`. */
  readonly anonymize: Anonymizer;
  readonly topics: Pick<RowTopics, 'outputsOf'>;
  readonly output: { open(batch: TransactionalBatch): Promise<Transactions> };
  readonly reports: PipelineReports;
  /** Whether the catalogue has such a project: other names are content and go nowhere. */
  readonly isProject: (name: string) => boolean;
  /** Rows are produced and committed when there are this many bytes of them, or at the end of a batch. */
  readonly maxWindowBytes: number;
}

/** A window and up to where in its batch it goes. */
interface WindowEnd {
  readonly window: Window;
  readonly batch: TransactionalBatch;
  readonly lastOffset: string;
}

/**
 * Raw records to rows, one fetched batch of a partition at a time:
 *
 * 1. leave out what the last owner of the partition has committed already
 * 2. record -> lines           a record that cannot be read becomes a rejection with its coordinates
 * 3. line -> event -> rows     each by itself; what is refused becomes a rejection, its neighbours go on
 * 4. rows -> records by table  events, metric samples; rejections beside them
 * 5. produce them and commit the offset in one transaction, and only then count
 *
 * Guarantee: no data stops a partition. Exactly once for a reader of committed records.
 * @see docs/adr/0014-transactions-of-the-anonymizer.md
 */
export class AnonymizerPipeline {
  readonly #ports: AnonymizerPorts;

  constructor(ports: AnonymizerPorts) {
    this.#ports = ports;
  }

  /** @throws KFK_UNAVAILABLE, KFK_PRODUCE_FAILED, KFK_FENCED; what was not committed is read again */
  async run(batch: TransactionalBatch): Promise<void> {
    if (batch.isStale()) return;
    const transactions = await this.#ports.output.open(batch);
    const records = transactions.remaining(batch.records);
    if (records.length === 0) batch.passed(batch.lastOffset);
    let window = new Window();
    for (const record of records) {
      if (batch.isStale()) return;
      this.#anonymizeRecord(record, batch.partition, window);
      const isLast = record === records.at(-1);
      if (!isLast && window.byteCount < this.#ports.maxWindowBytes) continue;
      await this.#commitWindow(transactions, { window, batch, lastOffset: record.offset });
      window = new Window();
    }
  }

  #anonymizeRecord(record: ConsumedRecord, partition: number, window: Window): void {
    const tally = new RejectionTally();
    // an empty value is the gateway asking whether Kafka answers
    if (record.value.length > 0) {
      if (isReadable(record)) this.#anonymizeLines(record, partition, { tally, window });
      else tally.refuse('', 'AN_RECORD_UNREADABLE', -1);
    }
    window.endRecord(tally.toRejections(partition, record));
  }

  #anonymizeLines(
    { value, offset }: ConsumedRecord,
    partition: number,
    { tally, window }: { tally: RejectionTally; window: Window },
  ): void {
    let index = 0;
    for (const line of linesOf(value)) {
      const event = parseLine(line);
      const coordinates = { partition, offset, index };
      const outcome = this.#tryAnonymize({ value: event, coordinates, drops: tally });
      const project = this.#projectOf(event);
      if (outcome.kind === 'ok') window.addEvent(project, outcome.value);
      else tally.refuse(project, outcome.code, index);
      index += 1;
    }
  }

  /**
   * A fault of the program is a fault of this event alone. Events are anonymized from memory and without waiting, so a
   * second attempt would fail as the first: one is enough, and the partition goes on.
   */
  #tryAnonymize(request: Parameters<Anonymizer>[0]): ReturnType<Anonymizer> | Failed {
    try {
      return this.#ports.anonymize(request);
    } catch (error) {
      // such as keys that are missing: that is not about the event
      if (error instanceof RollcallError) throw error;
      return FAILED;
    }
  }

  async #commitWindow(
    transactions: Transactions,
    { window, batch, lastOffset }: WindowEnd,
  ): Promise<void> {
    const startedAt = performance.now();
    const outputs = this.#ports.topics.outputsOf(window, batch.partition);
    await transactions.commit(batch, lastOffset, outputs);
    this.#ports.reports.windowCommitted(window, performance.now() - startedAt);
    await batch.heartbeat();
  }

  #projectOf(event: unknown): string {
    if (typeof event !== 'object' || event === null || !('project' in event)) return '';
    const { project } = event;
    return typeof project === 'string' && this.#ports.isProject(project) ? project : '';
  }
}

function isReadable({ headers, value }: ConsumedRecord): boolean {
  return headers[HEADERS.version] === RECORD_VERSION && isUtf8(value);
}

const LINE_END = 0x0a;

/** Lines of a value without their ends, one text at a time; empty ones are left out. */
function* linesOf(value: Buffer): Generator<string> {
  for (let start = 0; start < value.length;) {
    const found = value.indexOf(LINE_END, start);
    const end = found === -1 ? value.length : found;
    if (end > start) yield value.toString('utf8', start, end);
    start = end + 1;
  }
}

/** A line that is not JSON becomes undefined, which the first step of the policy refuses. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
