import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import type { ClickHouse } from './clickhouse.ts';
import {
  databaseOf,
  engineOf,
  onCluster,
  readMigrations,
  toStatements,
  type Migration,
  type MigrationTarget,
} from './migration-files.ts';

/** How and from where to migrate. */
export interface MigrateOptions {
  readonly log: Log;
  readonly cluster?: string | undefined;
  /** Folder of the files; the library's own when left out. */
  readonly directory?: string;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Applies the numbered migrations that were not applied yet, in order, and notes each in `schema_migrations`.
 *
 * Guarantee: idempotent. ClickHouse has no transactions around statements, so a migration that failed half-way runs
 * again from its first statement: each statement is written to be repeated (IF NOT EXISTS, OR REPLACE). Two that
 * migrate at once do the same work twice, harmlessly.
 * @param client a user that may create databases, tables and views
 * @returns the numbers applied now
 * @throws CH_MIGRATION_INVALID, before anything is changed, when an applied file was edited since
 * @throws the code of a statement's outcome, naming file and statement
 */
export async function migrate(
  client: ClickHouse,
  { log, cluster, directory }: MigrateOptions,
): Promise<readonly number[]> {
  const target = { database: client.database, cluster };
  const migrations = readMigrations(directory);
  await createLedger(client, target);
  const applied = await readLedger(client);
  assertUnchanged(migrations, applied);
  const pending = migrations.slice(applied.length);
  for (const migration of pending) {
    await apply(client, migration, target);
    log.info('Applied a migration.', { migration: migration.name });
  }
  return pending.map(({ number }) => number);
}

async function createLedger(client: ClickHouse, target: MigrationTarget): Promise<void> {
  const database = databaseOf(target);
  await client.command(
    `CREATE DATABASE IF NOT EXISTS ${database} ${onCluster(target)}`,
    'database',
  );
  await client.command(
    `CREATE TABLE IF NOT EXISTS ${database}.schema_migrations ${onCluster(target)}
    (
        number UInt32 COMMENT 'Number of the migration',
        name String COMMENT 'Its file, without the ending',
        checksum String COMMENT 'SHA-256 of the file as it was applied',
        applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was applied'
    )
    ENGINE = ${engineOf(target, 'ReplacingMergeTree')} ORDER BY number
    COMMENT 'Migrations that were applied to this database'`,
    'schema_migrations',
  );
}

async function readLedger(client: ClickHouse): Promise<readonly Applied[]> {
  return client.rows<Applied>(
    `SELECT number, name, checksum FROM ${client.database}.schema_migrations FINAL ORDER BY number`,
  );
}

/** More applied than known is well: a newer Rollcall was here, and tables only ever gain. */
function assertUnchanged(migrations: readonly Migration[], applied: readonly Applied[]): void {
  for (const [position, { number, name, checksum }] of applied.entries()) {
    const migration = migrations[position];
    if (migration === undefined) return;
    if (migration.number !== number || migration.checksum !== checksum)
      throw new RollcallError(
        'CH_MIGRATION_INVALID',
        `${migration.name} is not what was applied as ${name}; put the change in a new migration`,
      );
  }
}

async function apply(
  client: ClickHouse,
  migration: Migration,
  target: MigrationTarget,
): Promise<void> {
  for (const [index, statement] of toStatements(migration, target).entries())
    await client.command(statement, `${migration.name}, statement ${index + 1}`);
  const { number, name, checksum } = migration;
  await client.command(
    `INSERT INTO ${databaseOf(target)}.schema_migrations (number, name, checksum)
     VALUES (${number}, '${name}', '${checksum}')`,
    migration.name,
  );
}
