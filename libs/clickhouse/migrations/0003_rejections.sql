-- What was refused or dropped, by coordinates and code. No content ever.
--
-- The key is the whole identity of a rejection, so that an insert repeated under another token does not count twice.
CREATE TABLE IF NOT EXISTS ${DATABASE}.rejections ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue; empty when it was not known',
    stage LowCardinality(String) COMMENT 'Where it was refused: gateway, anonymizer or sink',
    code LowCardinality(String) COMMENT 'Why: an error code',
    topic LowCardinality(String) COMMENT 'Topic of the record; empty when nothing had been stored yet',
    `partition` Int32 COMMENT 'Partition of the record; -1 when nothing had been stored yet',
    `offset` Int64 COMMENT 'Offset of the record; -1 when nothing had been stored yet',
    `index` Int32 COMMENT 'Line within the record; -1 for the whole record or no single line',
    `count` UInt32 COMMENT 'How many events or fields this row stands for',
    `at` DateTime('UTC') COMMENT 'When it was refused',
    rejection_id UUID COMMENT 'Tells rows without coordinates apart; zero where the coordinates do',
    `day` Date DEFAULT toDate(`at`) COMMENT 'Day of at',
    CONSTRAINT row_is_complete CHECK code != '' AND toYear(`at`) > 1970
)
ENGINE = ${ENGINE:ReplacingMergeTree}
PARTITION BY toYYYYMM(`at`)
ORDER BY (project, `day`, stage, code, topic, `partition`, `offset`, `index`, rejection_id, `at`)
TTL `at` + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800
COMMENT 'Refused and dropped events and fields. Read with FINAL: a retry may be stored twice until parts merge';
