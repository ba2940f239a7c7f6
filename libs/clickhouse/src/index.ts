export { ClickHouse, createClickHouse, type InsertIdentity } from './clickhouse.ts';
export { clickhouseEnvShape, toClickHouseSettings, type ClickHouseSettings } from './settings.ts';
export type { RetryCode, StoreOutcome } from './store-outcome.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { REQUIRED_SCHEMA, awaitSchema, findSchemaGap, type SchemaGap } from './schema-version.ts';
export { grantsOf, type ClickHouseRole } from './grants.ts';
export { INSTALLATION_TABLES } from './installation-tables.ts';
