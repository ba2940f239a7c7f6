import type { ClickHouse } from './clickhouse.ts';

/** Tables that ClickHouse counts anew by itself once a minute, one after the other; each by the view `<table>_fill`. */
export const ROLLUPS = [
  'retention_counts',
  'ladder_counts',
  'version_counts',
  'feature_counts',
  'active_counts',
  'installation_facts',
] as const;

/**
 * Counts all rollups at once instead of within the minute, one after the other.
 *
 * Guarantee: when it returns, the views tell what the derived tables held when it was called.
 * @param client a user that may refresh views
 * @throws the code of a statement's outcome, naming the table
 */
export async function refreshRollups(client: ClickHouse): Promise<void> {
  for (const table of ROLLUPS) {
    const view = `${client.database}.${table}_fill`;
    await client.command(`SYSTEM REFRESH VIEW ${view}`, table);
    await client.command(`SYSTEM WAIT VIEW ${view}`, table);
  }
}
