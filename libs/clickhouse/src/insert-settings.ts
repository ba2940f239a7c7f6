import type { ClickHouseSettings } from '@clickhouse/client';

/** Most rows that one insert may have. Callers stay far below; beyond it the server would cut the insert in blocks. */
export const MAX_ROWS_PER_INSERT = 8_000_000;

/**
 * Settings of every insert. They are sent with the request, so that no profile on the server can undo a guarantee.
 *
 * @see https://clickhouse.com/docs/guides/developer/deduplicating-inserts-on-retries
 */
export const INSERT_SETTINGS: ClickHouseSettings = {
  // Durable when answered, and an error arrives as a status, never in the middle of a 200.
  async_insert: 0,
  wait_end_of_query: 1,

  // A repeated token stores nothing, in the table and in everything behind it.
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,

  // One insert is one block: a token names a block, so an insert cut in two would be half deduplicated.
  input_format_parallel_parsing: 0,
  max_insert_block_size: String(MAX_ROWS_PER_INSERT),
  min_insert_block_size_rows: String(MAX_ROWS_PER_INSERT),
  min_insert_block_size_bytes: String(4 * 1024 ** 3),

  // A field that no column takes is refused, not dropped: a row that lost a field would look whole for ever, while a
  // refused one leaves a dead letter and can be replayed.
  input_format_skip_unknown_fields: 0,
  input_format_null_as_default: 0,
  date_time_input_format: 'basic',

  // Text that looks like a date stays the text it was.
  input_format_try_infer_dates: 0,
  input_format_try_infer_datetimes: 0,
  // {"a.b":1,"a":{"b":2}} names one path twice: the first wins instead of the row being refused.
  type_json_skip_duplicated_paths: 1,
  input_format_json_throw_on_bad_escape_sequence: 0,
  // The other JSON parser takes integers beyond 64 bits, but has no depth limit: one row nested 100,000 deep ended the
  // whole server (26.7). This one refuses such a row.
  allow_simdjson: 1,
};
