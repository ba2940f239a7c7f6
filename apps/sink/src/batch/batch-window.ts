import { HEADERS, isTableName, type TableName } from '@rollcall/contracts-transport';
import type { ConsumedBatch, ConsumedRecord } from '@rollcall/kafka';
import { toToken, type BatchIdentity } from './batch-identity.ts';
import { rowCountOf } from './record-lines.ts';

/** Upper bounds of a window. A single record beyond them is a window of its own. */
export interface WindowLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** The rows of one table in a window: one insert. */
export interface TableBatch {
  readonly table: TableName;
  readonly token: string;
  readonly records: readonly ConsumedRecord[];
  readonly rowCount: number;
  readonly byteCount: number;
}

/** Records that follow each other and are committed together. */
export interface BatchWindow {
  readonly identity: BatchIdentity;
  readonly tables: readonly TableBatch[];
  /** Records whose header names no table. */
  readonly unreadable: readonly ConsumedRecord[];
}

interface SizedRecord {
  readonly record: ConsumedRecord;
  readonly rowCount: number;
}

type Source = Pick<ConsumedBatch, 'topic' | 'partition' | 'records'>;

/**
 * Cuts what one fetch brought into windows, in offset order.
 *
 * Guarantee: pure; every record is in exactly one window, so committing each window's last offset commits all of them.
 * Records of different tables take turns in a partition, so a window has one insert per table rather than one per turn.
 */
export function* cutWindows(source: Source, limits: WindowLimits): Generator<BatchWindow> {
  let gathered: SizedRecord[] = [];
  let rows = 0;
  let bytes = 0;
  for (const record of source.records) {
    const rowCount = record.value.length === 0 ? 0 : rowCountOf(record);
    const isOver =
      rows + rowCount > limits.maxRows || bytes + record.value.length > limits.maxBytes;
    if (isOver && gathered.length > 0) {
      yield toWindow(source, gathered);
      gathered = [];
      rows = 0;
      bytes = 0;
    }
    gathered.push({ record, rowCount });
    rows += rowCount;
    bytes += record.value.length;
  }
  if (gathered.length > 0) yield toWindow(source, gathered);
}

function toWindow({ topic, partition }: Source, gathered: readonly SizedRecord[]): BatchWindow {
  const first = gathered[0]?.record;
  const last = gathered.at(-1)?.record;
  if (first === undefined || last === undefined)
    throw new RangeError('A window has at least one record.');
  const identity = {
    topic,
    partition,
    firstOffset: first.offset,
    lastOffset: last.offset,
    firstTimestamp: first.timestamp,
  };
  // An empty value carries nothing; it only moves the offset.
  const full = gathered.filter(({ record }) => record.value.length > 0);
  const byTable = Map.groupBy(full, ({ record }) => tableOf(record));
  const unreadable = (byTable.get(undefined) ?? []).map(({ record }) => record);
  byTable.delete(undefined);
  const tables = [...byTable].flatMap(([table, sized]) =>
    table === undefined ? [] : [toTableBatch(identity, table, sized)],
  );
  return { identity, tables, unreadable };
}

function toTableBatch(
  identity: BatchIdentity,
  table: TableName,
  sized: readonly SizedRecord[],
): TableBatch {
  return {
    table,
    token: toToken(identity, table),
    records: sized.map(({ record }) => record),
    rowCount: sized.reduce((sum, { rowCount }) => sum + rowCount, 0),
    byteCount: sized.reduce((sum, { record }) => sum + record.value.length, 0),
  };
}

function tableOf({ headers }: ConsumedRecord): TableName | undefined {
  const name = headers[HEADERS.table] ?? '';
  return isTableName(name) ? name : undefined;
}
