-- Samples of a metrics push (Prometheus text). The push itself is one row of events.
--
-- A sample's name never changes within a push, so the key still repeats on a retry, and reading one metric is one range.
CREATE TABLE IF NOT EXISTS ${DATABASE}.metric_samples ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    event_id UUID COMMENT 'The push: event_id of its row in events',
    sample_index UInt32 COMMENT 'Position of the sample in the push',
    installation String COMMENT 'Pseudonym of the installation, 32 hex digits; empty when the push names none',
    key_epoch UInt16 COMMENT 'Epoch of the key that made the pseudonym; 0 without one',
    name LowCardinality(String) COMMENT 'Name of the metric in the catalogue',
    labels Map(LowCardinality(String), String) COMMENT 'Labels that the catalogue keeps',
    value Float64 COMMENT 'The sample, as the catalogue treats it',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Time of the client, clamped to received_at plus or minus the allowed skew',
    received_at DateTime64(3, 'UTC') COMMENT 'Time of the gateway',
    expires_at DateTime('UTC') COMMENT 'End of retention: the row is deleted after it',
    CONSTRAINT row_is_complete CHECK project != '' AND event_id != toUUID('00000000-0000-0000-0000-000000000000')
        AND toYear(received_at) > 1970 AND expires_at > received_at
)
ENGINE = ${ENGINE:ReplacingMergeTree}
PARTITION BY toYYYYMM(received_at)
ORDER BY (project, name, event_id, sample_index)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800
COMMENT 'Samples of metric pushes, one row each. Read with FINAL: a retry may be stored twice until parts merge';
