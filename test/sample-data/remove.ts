import { INSTALLATION_TABLES, type ClickHouse } from '@rollcall/clickhouse';
import type { SampleStore } from './access.ts';
import { isSampleInstallation, SAMPLE_DIALECT } from './marks.ts';
import { SAMPLE_PROJECT_NAMES } from './projects/sample-projects.ts';

type Table = (typeof INSTALLATION_TABLES)[number];

const IN_SAMPLE_PROJECTS = `project IN (${SAMPLE_PROJECT_NAMES.map((name) => `'${name}'`).join(', ')})`;

/** Rows that nobody is named in are told by a mark of their own. */
const MARKS: Readonly<Record<Table, string>> = {
  events: `dialect = '${SAMPLE_DIALECT}'`,
  metric_samples: isSampleInstallation,
  installation_days: isSampleInstallation,
  feature_days: isSampleInstallation,
  metric_days: isSampleInstallation,
  metric_months: isSampleInstallation,
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
  // what tells that there is a sample goes last: an interrupted removal does not look like a finished one
  for (const table of INSTALLATION_TABLES.toSorted(isLast)) {
    if (table === 'installation_days') await remakeSharedRows(owner);
    say(table, await removeFrom(owner, table, MARKS[table]));
  }
}

const isLast = (a: Table, b: Table): number =>
  Number(a === 'installation_days') - Number(b === 'installation_days');

const MOST_LOOKS = 20;

/**
 * Deletes, and looks again until nothing is found. Deletions are waited for; of a dozen side by side in one table one had now and
 * then answered, on a busy machine, while the rows of its month were still there.
 */
async function removeFrom(owner: ClickHouse, table: Table, mark: string): Promise<number> {
  let removed = 0;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const found = await removeFound(owner, table, mark);
    if (found === 0) return removed;
    removed += found;
  }
  throw new Error(`rows of the sample are in ${table} again and again`);
}

/** By months, side by side: each of them is waited for, and none takes long. */
async function removeFound(owner: ClickHouse, table: Table, mark: string): Promise<number> {
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

/**
 * A row of nobody's events may hold ids of real ones too, so such rows are made anew from the events that are left. What comes
 * in meanwhile is added by itself, and adding it twice changes nothing.
 */
async function remakeSharedRows(owner: ClickHouse): Promise<void> {
  const table = `${owner.database}.feature_days`;
  const ofNobody = `${IN_SAMPLE_PROJECTS} AND installation = ''`;
  await removeFrom(owner, 'feature_days', `installation = ''`);
  await owner.command(
    `INSERT INTO ${table} (project, day, event, app_version, installation, slice, event_ids, expires_at)
     SELECT project, toDate(occurred_at, 'UTC') AS day, event, app_version, installation,
       toUInt8(sipHash64(event_id) % 256) AS slice, groupUniqArray(event_id) AS event_ids, max(e.expires_at) AS expires_at
     FROM ${owner.database}.events AS e
     WHERE ${ofNobody}
     GROUP BY project, day, event, app_version, installation, slice
     SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0`,
    'feature_days of nobody',
  );
}
