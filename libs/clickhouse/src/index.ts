export { ClickHouse, createClickHouse, type InsertIdentity } from './clickhouse.ts';
export { clickhouseEnvShape, toClickHouseSettings, type ClickHouseSettings } from './settings.ts';
export type { RetryCode, StoreOutcome } from './store-outcome.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { REQUIRED_SCHEMA, awaitSchema, findSchemaGap, type SchemaGap } from './schema-version.ts';
export { grantsOf, type ClickHouseRole } from './grants.ts';
export { analystAccess, analystOf, type AnalystAccess } from './analysts/analyst-access.ts';
export { ANALYST_LIMITS, ANALYST_QUOTA } from './analysts/analyst-limits.table.ts';
export { analystRemoval, analystStatements } from './analysts/analyst-statements.ts';
