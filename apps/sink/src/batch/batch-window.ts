import { HEADERS, isTableName, type TableName } from '@rollcall/contracts-transport';
import type { ConsumedRecord } from '@rollcall/kafka';
import { toToken, type BatchIdentity, type Origin } from './batch-identity.ts';
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

/** Records in offset order, and where they are from. */
export interface Source {
  readonly origin: Origin;
  readonly records: readonly ConsumedRecord[];
}

/**
 * Cuts what one fetch brought into windows, in offset order.
 *
 * Guarantee: pure; every record is in exactly one window, so committing each window's last offset commits all of them.
 * Records of different tables take turns in a partition, so a window has one insert per table rather than one per turn.
 */
export function* cutWindows(
  { origin, records }: Source,
  limits: WindowLimits,
): Generator<BatchWindow> {
  let gathered: ConsumedRecord[] = [];
  let rows = 0;
  let bytes = 0;
  for (const record of records) {
    const rowCount = rowsOf(record);
    const isOver =
      rows + rowCount > limits.maxRows || bytes + record.value.length > limits.maxBytes;
    if (isOver && gathered.length > 0) {
      yield windowOf(origin, gathered);
      gathered = [];
      rows = 0;
      bytes = 0;
    }
    gathered.push(record);
    rows += rowCount;
    bytes += record.value.length;
  }
  if (gathered.length > 0) yield windowOf(origin, gathered);
}

function windowOf(origin: Origin, records: readonly ConsumedRecord[]): BatchWindow {
  const firstOffset = records[0]?.offset;
  const lastOffset = records.at(-1)?.offset;
  if (firstOffset === undefined || lastOffset === undefined)
    throw new RangeError('A window has at least one record.');
  return toWindow({ ...origin, firstOffset, lastOffset }, records);
}

/** The window of this name. What Kafka has dropped of its records meanwhile is not in it; the name stays the same. */
export function toWindow(identity: BatchIdentity, records: readonly ConsumedRecord[]): BatchWindow {
  // An empty value carries nothing; it only moves the offset.
  const full = records.filter(({ value }) => value.length > 0);
  const byTable = Map.groupBy(full, tableOf);
  const unreadable = byTable.get(undefined) ?? [];
  byTable.delete(undefined);
  const tables = [...byTable].flatMap(([table, ofTable]) =>
    table === undefined ? [] : [toTableBatch(identity, table, ofTable)],
  );
  return { identity, tables, unreadable };
}

function toTableBatch(
  identity: BatchIdentity,
  table: TableName,
  records: readonly ConsumedRecord[],
): TableBatch {
  return {
    table,
    token: toToken(identity, table),
    records,
    rowCount: records.reduce((sum, record) => sum + rowsOf(record), 0),
    byteCount: records.reduce((sum, { value }) => sum + value.length, 0),
  };
}

function rowsOf(record: ConsumedRecord): number {
  return record.value.length === 0 ? 0 : rowCountOf(record);
}

function tableOf({ headers }: ConsumedRecord): TableName | undefined {
  const name = headers[HEADERS.table] ?? '';
  return isTableName(name) ? name : undefined;
}
