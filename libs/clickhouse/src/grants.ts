import { TABLES } from '@rollcall/contracts-transport';
import { ERASURE_TABLES } from './erasure-tables.ts';

/** Users of the database beside the one that migrates. */
export type ClickHouseRole = 'sink' | 'analyst' | 'eraser' | 'receipts';

/**
 * What each user may do, as GRANT and REVOKE statements without the `TO` and `FROM`, in this order: for `users.xml` and for
 * `CREATE USER`.
 *
 * The sink adds rows and reads nothing but how new the tables are and what is to stay out of them; the analyst reads and
 * changes nothing (give that user a profile with `readonly = 2` as well, and row policies where it may not see all
 * projects). The eraser alone deletes, and reads what it counts; the gateway's user `receipts` reads the steps of erasures.
 */
export function grantsOf(role: ClickHouseRole, database = 'rollcall'): readonly string[] {
  if (role === 'analyst')
    return [
      `GRANT SELECT ON ${database}.*`,
      ...ERASURE_TABLES.map((table) => `REVOKE SELECT ON ${database}.${table}`),
    ];
  if (role === 'receipts') return [`GRANT SELECT ON ${database}.erasures`];
  if (role === 'eraser')
    return [
      `GRANT SELECT, ALTER DELETE ON ${database}.*`,
      `GRANT INSERT ON ${database}.tombstones`,
      `GRANT INSERT ON ${database}.erasures`,
    ];
  return [
    ...Object.values(TABLES).map((table) => `GRANT INSERT ON ${database}.${table}`),
    `GRANT SELECT ON ${database}.schema_migrations`,
    `GRANT SELECT ON ${database}.tombstones`,
  ];
}
