import type { RetryCode, StoreOutcome } from '@rollcall/clickhouse';
import { RollcallError, TABLES, type TableName } from '@rollcall/contracts-transport';
import type { InsertLines } from '../insert/patient-insert.ts';
import type { Tombstones } from './tombstones.ts';
import { withoutErased } from './without-erased.ts';

/** Tables whose rows name an installation, of those that the sink writes. */
const GUARDED: ReadonlySet<TableName> = new Set([TABLES.events, TABLES.metricSamples]);

/**
 * An insert that leaves rows of erased installations out.
 *
 * Guarantee: no row gets in whose tombstone was in ClickHouse when the insert was called, of whichever sink and however
 * often the row comes. Without an answer about tombstones nothing is inserted: the outcome is `retry`. Repeating an
 * insert under its token after a tombstone came stores nothing twice: the token decides, and what was stored is deleted.
 */
export function erasureGate(insertLines: InsertLines, tombstones: Tombstones): InsertLines {
  return async (insert) => {
    if (!GUARDED.has(insert.table)) return insertLines(insert);
    const gap = await refreshed(tombstones);
    if (gap !== undefined) return gap;
    const { chunks, keptOutCount } = withoutErased(insert.chunks, tombstones);
    if (chunks.length === 0) return { kind: 'ok', rowCount: 0, keptOutCount };
    return { ...(await insertLines({ ...insert, chunks })), keptOutCount };
  };
}

const WAITS_FOR_A_PERSON: ReadonlySet<string> = new Set<RetryCode>([
  'CH_DENIED',
  'CH_SCHEMA_BEHIND',
]);

async function refreshed(tombstones: Tombstones): Promise<StoreOutcome | undefined> {
  try {
    await tombstones.refresh();
    return undefined;
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    // never CH_FAILED: the rows are not to be suspected of it
    const code = WAITS_FOR_A_PERSON.has(error.code) ? (error.code as RetryCode) : 'CH_UNAVAILABLE';
    return { kind: 'retry', code, vendorCode: 'TOMBSTONES' };
  }
}
