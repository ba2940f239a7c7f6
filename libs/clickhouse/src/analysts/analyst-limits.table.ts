/** A setting of an analyst, and how far the analyst may move it. */
export interface AnalystLimit {
  readonly value: number | string;
  /** Least and greatest value; without it the setting cannot be moved at all. */
  readonly range?: readonly [least: number, greatest: number];
}

const GIGABYTE = 1_000_000_000;
const MILLION = 1_000_000;

/** They read a table's index, and before ClickHouse 26.7.6 do not ask for its row policies. */
const INDEX_FUNCTIONS = [
  'mergeTreeIndex',
  'mergeTreeAnalyzeIndexes',
  'mergeTreeAnalyzeIndexesUUID',
  'mergeTreeProjection',
  'mergeTreeTextIndex',
];
const noRowsOf = (name: string): string => `'_table_function.${name}':'0'`;

/**
 * What a query of an analyst may cost and how it is run. 0 means "no limit" to ClickHouse, so every range begins at 1.
 *
 * `readonly = 2`: reads only, and may set what is not named here (formats, time zones, join algorithms).
 */
export const ANALYST_LIMITS: Readonly<Record<string, AnalystLimit>> = {
  readonly: { value: 2 },
  max_execution_time: { value: 30, range: [1, 30] },
  timeout_overflow_mode: { value: 'throw' },
  max_memory_usage: { value: 2 * GIGABYTE, range: [1, 2 * GIGABYTE] },
  max_memory_usage_for_user: { value: 3 * GIGABYTE, range: [1, 3 * GIGABYTE] },
  max_result_rows: { value: MILLION, range: [1, MILLION] },
  max_result_bytes: { value: GIGABYTE, range: [1, GIGABYTE] },
  result_overflow_mode: { value: 'throw' },
  max_concurrent_queries_for_user: { value: 8 },
  allow_ddl: { value: 0 },
  allow_introspection_functions: { value: 0 },
  additional_table_filters: { value: `{${INDEX_FUNCTIONS.map(noRowsOf).join(',')}}` },
  // only the new analyzer puts such a filter on a table function
  enable_analyzer: { value: 1 },
};

/** What all queries of one analyst may cost together. */
export const ANALYST_QUOTA = { intervalS: 3600, queries: 10_000, executionTimeS: 1800 } as const;
