import { onCluster } from '../migration-files.ts';
import { ANALYST_LIMITS, ANALYST_QUOTA, type AnalystLimit } from './analyst-limits.table.ts';
import type { AnalystAccess } from './analyst-access.ts';

/** Where an analyst is made. */
export interface AnalystTarget {
  readonly database: string;
  /** Name of a ClickHouse cluster: the user is made on all of it. */
  readonly cluster?: string | undefined;
}

const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * The statements that make an analyst on a server, or renew it: limits, user, row policies, then rights. In this order, so
 * that whoever is made half-way sees too little.
 *
 * @param passwordSha256 hex; the server is never told the password
 * @throws TypeError when it is no such sum
 */
export function analystStatements(
  access: AnalystAccess,
  passwordSha256: string,
  target: AnalystTarget,
): readonly string[] {
  if (!SHA256_HEX.test(passwordSha256)) throw new TypeError('not a SHA-256 in hex');
  const name = `\`${access.user}\``;
  const on = onCluster(target);
  const tables = access.relations.map((relation) => `${target.database}.${relation}`);
  const settings = Object.entries(ANALYST_LIMITS).map(([key, limit]) => settingOf(key, limit));
  const { intervalS, queries, executionTimeS } = ANALYST_QUOTA;
  return [
    `CREATE SETTINGS PROFILE OR REPLACE ${name} ${on} SETTINGS ${settings.join(', ')}`,
    `CREATE USER OR REPLACE ${name} ${on} IDENTIFIED WITH sha256_hash BY '${passwordSha256}' SETTINGS PROFILE ${name}`,
    `CREATE QUOTA OR REPLACE ${name} ${on} FOR INTERVAL ${intervalS} SECOND MAX queries = ${queries}, execution_time = ${executionTimeS} TO ${name}`,
    ...tables.map(
      (table) =>
        `CREATE ROW POLICY OR REPLACE ${name} ${on} ON ${table} FOR SELECT USING ${access.filter} TO ${name}`,
    ),
    ...tables.map((table) => `GRANT ${on} SELECT ON ${table} TO ${name}`),
  ];
}

/** The statements that take an analyst away: the user first. They may be repeated. */
export function analystRemoval(access: AnalystAccess, target: AnalystTarget): readonly string[] {
  const name = `\`${access.user}\``;
  const on = onCluster(target);
  return [
    `DROP USER IF EXISTS ${name} ${on}`,
    ...access.relations.map(
      (relation) => `DROP ROW POLICY IF EXISTS ${name} ON ${target.database}.${relation} ${on}`,
    ),
    `DROP QUOTA IF EXISTS ${name} ${on}`,
    `DROP SETTINGS PROFILE IF EXISTS ${name} ${on}`,
  ];
}

function settingOf(key: string, { value, range }: AnalystLimit): string {
  const literal = typeof value === 'number' ? `${value}` : `'${value.replaceAll("'", "\\'")}'`;
  const bounds = range === undefined ? 'CONST' : `MIN ${range[0]} MAX ${range[1]}`;
  return `${key} = ${literal} ${bounds}`;
}
