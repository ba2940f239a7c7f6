import { TABLES } from '@rollcall/contracts-transport';

/** Users of the database beside the one that migrates. */
export type ClickHouseRole = 'sink' | 'analyst';

/**
 * What each user may do, as GRANT statements without the `TO`: for `users.xml` and for `CREATE USER`.
 *
 * The sink adds rows and reads nothing but how new the tables are; the analyst reads and changes nothing (give that user a
 * profile with `readonly = 2` as well, and row policies where it may not see all projects).
 */
export function grantsOf(role: ClickHouseRole, database = 'rollcall'): readonly string[] {
  if (role === 'analyst') return [`GRANT SELECT ON ${database}.*`];
  return [
    ...Object.values(TABLES).map((table) => `GRANT INSERT ON ${database}.${table}`),
    `GRANT SELECT ON ${database}.schema_migrations`,
  ];
}
