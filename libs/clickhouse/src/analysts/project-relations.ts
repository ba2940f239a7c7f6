import { ERASURE_TABLES } from '../erasure-tables.ts';
import { readMigrations, toStatements } from '../migration-files.ts';

const MADE = /^CREATE (?:OR REPLACE )?(TABLE|VIEW)(?: IF NOT EXISTS)? \S+?\.(\w+)\s/;
const REMOVED = /^DROP (?:TABLE|VIEW)(?: IF EXISTS)? \S+?\.(\w+)/;
const PROJECT_COLUMN = /^\s*`?project`? (?:LowCardinality\()?String/m;

/**
 * Names of the tables and views that have a column `project`, without the database, in alphabetical order; all but
 * {@link ERASURE_TABLES}.
 *
 * Read from the migrations, so that a table of a later one is among them without being named twice. Materialized views
 * are not: they write into a table that is here, and nobody has to read them.
 */
export function projectRelations(directory?: string): readonly string[] {
  const relations = new Set<string>();
  for (const migration of readMigrations(directory))
    for (const statement of toStatements(migration, { database: 'rollcall' })) {
      const removed = REMOVED.exec(statement)?.[1];
      if (removed !== undefined) relations.delete(removed);
      const made = MADE.exec(statement)?.[2];
      if (made !== undefined && PROJECT_COLUMN.test(statement)) relations.add(made);
    }
  for (const closed of ERASURE_TABLES) relations.delete(closed);
  return [...relations].toSorted();
}
