import { createHash } from 'node:crypto';
import { HEADERS, type Coordinates } from '@rollcall/contracts-transport';
import type { ConsumedRecord } from '../consumed-batch.ts';
import type { ProducedRecord } from '../record-producer.ts';
import type { MissingRecord, ReadRecord } from '../record-reader.ts';

const LINE_END = 0x0a;
const WHOLE_RECORD = -1;

/** What replay stands on: reading at coordinates, and producing to the same topic. */
export interface ReplayPorts {
  readonly read: (
    offsets: ReadonlyMap<number, readonly string[]>,
    onRecord: (read: ReadRecord) => Promise<void>,
  ) => Promise<readonly MissingRecord[]>;
  /** Undefined in a dry run. */
  readonly send: ((partition: number, record: ProducedRecord) => Promise<void>) | undefined;
  /** Records that first came before this time, epoch ms, are left out as missing. */
  readonly oldestMs: number;
  /** Called after each record that was produced, with its lines. */
  readonly produced?: ((lineCount: number) => void) | undefined;
  /** Called after each record that was read. */
  readonly progressed?: ((readCount: number, wantedCount: number) => void) | undefined;
}

/** What came of a replay. */
export interface ReplayResult {
  /** Records that the coordinates name. */
  readonly wantedCount: number;
  /** Lines that were produced, or would have been. */
  readonly lineCount: number;
  /** Lines that were left out because an equal one had gone out before. */
  readonly repeatedCount: number;
  /** Not in Kafka any more, or came first before the oldest that is replayed. */
  readonly missing: readonly MissingRecord[];
}

/**
 * Produces the lines that were refused once more, as they were received.
 *
 * Guarantee: a line goes out at most once in a run, also when it was refused at several coordinates because it had been
 * replayed before; it keeps the id of its event, by which tables tell a repetition. Lines are bytes: none is decoded.
 * A record says when its lines first came, also after a replay of a replay, so that nobody keeps them young by replays.
 */
export async function replayLines(
  refused: readonly Coordinates[],
  { read, send, oldestMs, produced, progressed }: ReplayPorts,
): Promise<ReplayResult> {
  const wanted = linesWanted(refused);
  const sent = new Set<string>();
  let readCount = 0;
  let repeatedCount = 0;
  const expired: MissingRecord[] = [];
  const missing = await read(offsetsOf(refused), async ({ partition, record }) => {
    if (firstAt(record) < oldestMs) {
      expired.push({ partition, offset: record.offset });
      return;
    }
    const lines = linesOf(record, wanted.get(`${partition}/${record.offset}`) ?? new Set());
    const fresh = lines.filter((line) => isNew(sent, line));
    repeatedCount += lines.length - fresh.length;
    if (fresh.length > 0 && send !== undefined) {
      await send(partition, withLines(record, fresh));
      produced?.(fresh.length);
    }
    readCount += 1;
    progressed?.(readCount, wanted.size);
  });
  return {
    wantedCount: wanted.size,
    lineCount: sent.size,
    repeatedCount,
    missing: [...missing, ...expired],
  };
}

function linesWanted(refused: readonly Coordinates[]): ReadonlyMap<string, ReadonlySet<number>> {
  const byRecord = Map.groupBy(refused, ({ partition, offset }) => `${partition}/${offset}`);
  return new Map(
    [...byRecord].map(([key, rows]) => [key, new Set(rows.map(({ index }) => index))]),
  );
}

function offsetsOf(refused: readonly Coordinates[]): ReadonlyMap<number, readonly string[]> {
  const byPartition = Map.groupBy(refused, ({ partition }) => partition);
  return new Map(
    [...byPartition].map(([partition, rows]) => [partition, rows.map(({ offset }) => offset)]),
  );
}

/** The lines of these places; all of them when a rejection names none. Empty lines are not counted, as everywhere. */
function linesOf({ value }: ConsumedRecord, indexes: ReadonlySet<number>): readonly Buffer[] {
  const lines: Buffer[] = [];
  let index = 0;
  for (let start = 0; start < value.length;) {
    const found = value.indexOf(LINE_END, start);
    const end = found === -1 ? value.length : found;
    if (end > start) {
      if (indexes.has(index) || indexes.has(WHOLE_RECORD)) lines.push(value.subarray(start, end));
      index += 1;
    }
    start = end + 1;
  }
  return lines;
}

function isNew(sent: Set<string>, line: Buffer): boolean {
  const name = createHash('sha256').update(line).digest('base64');
  const before = sent.size;
  return sent.add(name).size > before;
}

function withLines(record: ConsumedRecord, lines: readonly Buffer[]): ProducedRecord {
  return {
    value: Buffer.concat(lines.flatMap((line) => [line, Buffer.of(LINE_END)])),
    headers: {
      ...record.headers,
      [HEADERS.count]: String(lines.length),
      [HEADERS.firstAt]: String(firstAt(record)),
    },
  };
}

/** When the lines came first, epoch ms: by the header of a replay, otherwise as Kafka says. */
const firstAt = ({ headers, timestamp }: ConsumedRecord): number =>
  Number(headers[HEADERS.firstAt] ?? timestamp);
