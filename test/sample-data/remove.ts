import { INSTALLATION_TABLES, type ClickHouse } from '@rollcall/clickhouse';
import type { SampleStore } from './access.ts';
import { isSampleEventId, isSampleInstallation, SAMPLE_DIALECT } from './marks.ts';
import { SAMPLE_PROJECT_NAMES } from './projects/sample-projects.ts';

const IN_SAMPLE_PROJECTS = `project IN (${SAMPLE_PROJECT_NAMES.map((name) => `'${name}'`).join(', ')})`;

/** Rows that nobody is named in are told by their own mark. */
const OF_NOBODY: Readonly<Partial<Record<(typeof INSTALLATION_TABLES)[number], string>>> = {
  events: `dialect = '${SAMPLE_DIALECT}'`,
};

function conditionOf(table: (typeof INSTALLATION_TABLES)[number]): string {
  const own = OF_NOBODY[table];
  return `${IN_SAMPLE_PROJECTS} AND ${own === undefined ? isSampleInstallation : `(${isSampleInstallation} OR ${own})`}`;
}

/** How many rows were removed, by table. */
export type Removed = Readonly<Record<string, number>>;

/**
 * Removes every sample row and no other.
 *
 * Guarantee: may be repeated, also after it was interrupted.
 */
export async function removeSample(
  { owner }: SampleStore,
  say: (table: string, rows: number) => void,
): Promise<Removed> {
  const removed: Record<string, number> = {};
  await takeOutOfSharedRows(owner);
  for (const table of INSTALLATION_TABLES) {
    const where = conditionOf(table);
    const [found] = await owner.rows<{ rows: number }>(
      `SELECT count() AS rows FROM ${owner.database}.${table} WHERE ${where}`,
    );
    const rows = found?.rows ?? 0;
    if (rows > 0)
      await owner.command(`DELETE FROM ${owner.database}.${table} WHERE ${where}`, table);
    removed[table] = rows;
    say(table, rows);
  }
  return removed;
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
    'feature_days',
  );
}
