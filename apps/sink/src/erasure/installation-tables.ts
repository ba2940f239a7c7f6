import type { ClickHouse } from '@rollcall/clickhouse';

/** A table that stores rows of installations. */
export interface InstallationTable {
  readonly name: string;
  /** `FINAL` where the engine may store a retry twice. */
  readonly final: '' | 'FINAL';
}

/**
 * Every table with the columns `project` and `installation`, whoever made it, so that a new one cannot be forgotten.
 * Views store nothing and are left out; so is the hidden table of a count that is under way, which nobody may name: what it
 * brings back a later look finds in the table that it becomes.
 */
export async function findInstallationTables(
  store: Pick<ClickHouse, 'rows' | 'database'>,
): Promise<readonly InstallationTable[]> {
  return store.rows<InstallationTable>(
    `SELECT c.table AS name,
       if(match(any(t.engine), '(Replacing|Aggregating)MergeTree$'), 'FINAL', '') AS final
     FROM system.columns AS c INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
     WHERE c.database = {database:String} AND t.engine LIKE '%MergeTree' AND NOT startsWith(t.name, '.')
     GROUP BY c.table HAVING countIf(c.name = 'installation') > 0 AND countIf(c.name = 'project') > 0
     ORDER BY name`,
    { database: store.database },
  );
}
