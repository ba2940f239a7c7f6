/**
 * Headers of Rollcall's Kafka records. Values are utf-8 text.
 *
 * A record's value is NDJSON: one line per event (raw) or per row (anonymized, rejected), each line ended by `\n`.
 * An empty value carries nothing and is skipped by every consumer (the gateway's readiness probe sends one).
 */
export const HEADERS = {
  /** Shape of the lines, `1` today. */
  version: 'v',
  /** How many lines the value has, so that no consumer has to count them. */
  count: 'n',
  /** ClickHouse table the lines are rows of (anonymized and rejected topics): one of {@link TABLES}. */
  table: 't',
  /** When what was replayed first came, epoch ms: no later replay of it makes it any younger. Absent otherwise. */
  firstAt: 'f',
} as const;

/** Value of the header `v`. Lines of another shape get another number. */
export const RECORD_VERSION = '1';

/** Tables of the database `rollcall` that are written by inserts; all others are derived from them. */
export const TABLES = {
  events: 'events',
  metricSamples: 'metric_samples',
  rejections: 'rejections',
  erasureOrders: 'erasure_orders',
} as const;

/** Name of one of {@link TABLES}. */
export type TableName = (typeof TABLES)[keyof typeof TABLES];

/** @returns whether a header's text names a table that rows may be inserted into. */
export function isTableName(text: string): text is TableName {
  return (Object.values(TABLES) as string[]).includes(text);
}
