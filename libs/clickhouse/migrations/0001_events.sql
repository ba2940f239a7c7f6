-- One row per event that passed the whole privacy policy. Written by the sink alone.
--
-- The sorting key is what a client's retry repeats, so that duplicates merge away and FINAL never shows them. The
-- partition is the gateway's clock, never the client's: a clock years off must not make partitions.
-- The deduplication windows are for the sink's own retries: the default of a table that is not replicated is 0.
CREATE TABLE IF NOT EXISTS ${DATABASE}.events ${ON_CLUSTER}
(
    event_id UUID COMMENT 'Keyed hash of the id on the wire: equal for a retry, not reversible',
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    dialect LowCardinality(String) COMMENT 'Wire dialect the event came in',
    event LowCardinality(String) COMMENT 'Name of the event in the catalogue',
    installation String COMMENT 'Pseudonym of the installation, 32 hex digits; empty when the event names none',
    key_epoch UInt16 COMMENT 'Epoch of the key that made the pseudonym; 0 without one',
    app_version LowCardinality(String) COMMENT 'Version of the reporting software, as far as the catalogue keeps it',
    kubernetes_version LowCardinality(String) COMMENT 'Kubernetes version the installation runs on; empty when not told',
    os LowCardinality(String) COMMENT 'Operating system; empty when not told',
    arch LowCardinality(String) COMMENT 'Processor architecture; empty when not told',
    provider LowCardinality(String) COMMENT 'Infrastructure or cloud provider; empty when not told',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Time of the client, clamped to received_at plus or minus the allowed skew',
    client_occurred_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Time of the client as it was sent; null when the wire has none',
    received_at DateTime64(3, 'UTC') COMMENT 'Time of the gateway',
    expires_at DateTime('UTC') COMMENT 'End of retention: the row is deleted after it',
    properties JSON(max_dynamic_paths = 256) COMMENT 'The other fields that the catalogue keeps, as it treats them',
    raw_partition Int32 COMMENT 'Partition of the raw record that held the event',
    raw_offset UInt64 COMMENT 'Offset of the raw record that held the event',
    raw_index UInt32 COMMENT 'Line of the event within the raw record',
    CONSTRAINT row_is_complete CHECK project != '' AND event_id != toUUID('00000000-0000-0000-0000-000000000000')
        AND toYear(received_at) > 1970 AND expires_at > received_at
)
ENGINE = ${ENGINE:ReplacingMergeTree}
PARTITION BY toYYYYMM(received_at)
ORDER BY (project, event_id)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800
COMMENT 'Anonymized events, one row each. Read with FINAL: a retry may be stored twice until parts merge';
