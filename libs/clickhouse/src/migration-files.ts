import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RollcallError } from '@rollcall/contracts-transport';

/** One numbered SQL file. */
export interface Migration {
  readonly number: number;
  /** File name without its ending, `0001_events`. */
  readonly name: string;
  /** The file's text, placeholders and all. */
  readonly text: string;
  /** SHA-256 of the text, hex: the same on every system and for every cluster. */
  readonly checksum: string;
}

/** Where the tables are made. */
export interface MigrationTarget {
  readonly database: string;
  /** Name of a ClickHouse cluster: statements run on all of it and tables replicate. */
  readonly cluster?: string | undefined;
}

const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('../migrations', import.meta.url));
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
const IDENTIFIER = /^[\w.-]+$/;

/**
 * Reads `NNNN_name.sql` files, in order.
 *
 * @throws CH_MIGRATION_INVALID when a name does not fit or the numbers are not 1, 2, 3, …
 */
export function readMigrations(directory: string = MIGRATIONS_DIRECTORY): readonly Migration[] {
  return readdirSync(directory)
    .toSorted()
    .map((file, position) => {
      const number = Number(FILE_NAME.exec(file)?.[1]);
      if (number !== position + 1)
        throw new RollcallError(
          'CH_MIGRATION_INVALID',
          `expected number ${position + 1}, found ${file}`,
        );
      const text = readFileSync(`${directory}/${file}`, 'utf8').replaceAll('\r\n', '\n');
      const checksum = createHash('sha256').update(text).digest('hex');
      return { number, name: file.slice(0, -'.sql'.length), text, checksum };
    });
}

/**
 * The statements of a migration for a target. A statement ends with a semicolon at the end of a line.
 *
 * Placeholders: `${DATABASE}`; `${ON_CLUSTER}`, nothing without a cluster; `${ENGINE:X}`, the engine X or, on a
 * cluster, its Replicated kind with the server's default path (macros `shard` and `replica`).
 * @throws CH_MIGRATION_INVALID for a database or cluster that is not a plain name
 */
export function toStatements(migration: Migration, target: MigrationTarget): readonly string[] {
  return migration.text
    .replaceAll(/^--.*\n/gm, '')
    .replaceAll('${DATABASE}', databaseOf(target))
    .replaceAll('${ON_CLUSTER}', onCluster(target))
    .replaceAll(/\$\{ENGINE:(\w+)\}/g, (_, engine: string) => engineOf(target, engine))
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

export function databaseOf({ database }: MigrationTarget): string {
  return plain(database, 'database');
}

export function onCluster({ cluster }: MigrationTarget): string {
  return cluster === undefined ? '' : `ON CLUSTER '${plain(cluster, 'cluster')}'`;
}

export function engineOf({ cluster }: MigrationTarget, engine: string): string {
  return cluster === undefined ? engine : `Replicated${engine}`;
}

function plain(name: string, what: string): string {
  if (!IDENTIFIER.test(name))
    throw new RollcallError('CH_MIGRATION_INVALID', `the ${what} is not a plain name`);
  return name;
}
