-- Erasure. No table here holds an identifier: the anonymizer hands on pseudonyms only.
--
-- The sink inserts orders like any other row, and keeps rows out that a tombstone names. All else is written by the user
-- `eraser`, which alone may delete. Tombstones have no TTL: a row can come again for as long as somebody keeps a backup.
CREATE TABLE IF NOT EXISTS ${DATABASE}.erasure_orders ${ON_CLUSTER}
(
    receipt String COMMENT 'Receipt that the gateway gave, 48 hex digits',
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    pseudonyms Array(String) COMMENT 'What stands for the identifier, one for each key epoch still held',
    requested_at DateTime64(3, 'UTC') COMMENT 'When the gateway took the request',
    CONSTRAINT order_is_complete CHECK receipt != '' AND project != '' AND notEmpty(pseudonyms)
)
ENGINE = ${ENGINE:ReplacingMergeTree}
ORDER BY (project, receipt)
TTL toDateTime(requested_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800
COMMENT 'What is to be erased, as the anonymizer hands it on';
CREATE TABLE IF NOT EXISTS ${DATABASE}.tombstones ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    pseudonym String COMMENT 'Pseudonym of an erased installation',
    erased_at DateTime64(3, 'UTC') COMMENT 'When the tombstone was written, by the clock of the server'
)
ENGINE = ${ENGINE:ReplacingMergeTree}(erased_at)
ORDER BY (project, pseudonym)
COMMENT 'Installations that were erased, so that late and replayed rows stay out';
CREATE TABLE IF NOT EXISTS ${DATABASE}.erasures ${ON_CLUSTER}
(
    receipt String COMMENT 'Receipt that the gateway gave',
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    status Enum8('counted' = 1, 'deleted' = 2, 'verified' = 3) COMMENT 'Step that was reached; a receipt is at its highest',
    rows Map(String, UInt64) COMMENT 'Rows that were there before, by table; the step counted has them',
    requested_at DateTime64(3, 'UTC') COMMENT 'When the gateway took the request',
    at DateTime64(3, 'UTC') COMMENT 'When the step was reached'
)
ENGINE = ${ENGINE:MergeTree}
ORDER BY (receipt, status)
TTL toDateTime(at) + INTERVAL 400 DAY
COMMENT 'Steps of each erasure. Holds no pseudonym. A step may stand here twice: read with max(status) and maxMap(rows)';
