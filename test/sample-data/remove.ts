import { INSTALLATION_TABLES, type ClickHouse } from '@rollcall/clickhouse';
import type { SampleStore } from './access.ts';
import { isSampleEventId, isSampleInstallation, SAMPLE_DIALECT } from './marks.ts';
import { SAMPLE_PROJECT_NAMES } from './projects/sample-projects.ts';

type Table = (typeof INSTALLATION_TABLES)[number];

const IN_SAMPLE_PROJECTS = `project IN (${SAMPLE_PROJECT_NAMES.map((name) => `'${name}'`).join(', ')})`;

/** Rows that nobody is named in are told by a mark of their own. */
const MARKS: Readonly<Record<Table, string>> = {
  events: `dialect = '${SAMPLE_DIALECT}'`,
  metric_samples: isSampleInstallation,
  installation_days: isSampleInstallation,
  feature_days: isSampleInstallation,
  installation_facts: isSampleInstallation,
};

/**
 * Removes every sample row and no other.
 *
 * Guarantee: may be repeated, also after it was interrupted.
 * @param say is told of every table that is done
 */
export async function removeSample(
  { owner }: SampleStore,
  say: (table: Table, rows: number) => void,
): Promise<void> {
  await takeOutOfSharedRows(owner);
  // what tells that there is a sample goes last: an interrupted removal does not look like a finished one
  for (const table of INSTALLATION_TABLES.toSorted(isLast))
    say(table, await removeFrom(owner, table, MARKS[table]));
}

const isLast = (a: Table, b: Table): number =>
  Number(a === 'installation_days') - Number(b === 'installation_days');

/** By months, side by side: each of them is waited for, and none takes long. */
async function removeFrom(owner: ClickHouse, table: Table, mark: string): Promise<number> {
  const where = `${IN_SAMPLE_PROJECTS} AND ${mark}`;
  const partitions = await owner.rows<{ id: string; rows: number }>(
    `SELECT _partition_id AS id, count() AS rows FROM ${owner.database}.${table} WHERE ${where} GROUP BY id ORDER BY id`,
  );
  await Promise.all(
    partitions.map(({ id }) =>
      owner.command(
        `DELETE FROM ${owner.database}.${table} IN PARTITION ID '${id}' WHERE ${where}`,
        table,
      ),
    ),
  );
  return partitions.reduce((sum, { rows }) => sum + rows, 0);
}

/** A row of nobody's events may hold ids of real ones too: only those of the sample are taken out. */
async function takeOutOfSharedRows(owner: ClickHouse): Promise<void> {
  const table = `${owner.database}.feature_days`;
  const ofNobody = `${IN_SAMPLE_PROJECTS} AND installation = ''`;
  const isSample = isSampleEventId('id');
  await owner.command(
    `ALTER TABLE ${table} UPDATE event_ids = arrayFilter(id -> NOT (${isSample}), event_ids)
     WHERE ${ofNobody} AND arrayExists(id -> ${isSample}, event_ids) SETTINGS mutations_sync = 2`,
    'feature_days of nobody',
  );
  await owner.command(
    `DELETE FROM ${table} WHERE ${ofNobody} AND empty(event_ids)`,
    'feature_days of nobody',
  );
}
