-- Flags of the catalogue's filters. The anonymizer sets them, because it alone sees a field that is not kept.
ALTER TABLE ${DATABASE}.events ${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS is_ci UInt8 COMMENT '1 when a ci filter of the catalogue holds for the event';
ALTER TABLE ${DATABASE}.events ${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS is_dev UInt8 COMMENT '1 when a dev filter of the catalogue holds for the event';
ALTER TABLE ${DATABASE}.events ${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS is_fork UInt8 COMMENT '1 when a fork filter of the catalogue holds for the event';

-- What is known of an installation, day by day. Every column bears being merged with itself, so a retry changes nothing,
-- and every row names its installation, so that erasure is a DELETE.
CREATE TABLE IF NOT EXISTS ${DATABASE}.installation_days ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    installation String COMMENT 'Pseudonym of the installation',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'First event of the day',
    last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Latest event of the day',
    is_plausible SimpleAggregateFunction(max, UInt8) COMMENT '1 when an event told a version and its clock was within the allowed skew',
    is_ci SimpleAggregateFunction(max, UInt8) COMMENT '1 when a ci filter held for an event',
    is_dev SimpleAggregateFunction(max, UInt8) COMMENT '1 when a dev filter held for an event',
    is_fork SimpleAggregateFunction(max, UInt8) COMMENT '1 when a fork filter held for an event',
    app_version SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Latest version told, with its time',
    kubernetes_version SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Latest Kubernetes version told, with its time',
    os SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Latest operating system told, with its time',
    arch SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Latest processor architecture told, with its time',
    provider SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Latest provider told, with its time',
    expires_at SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'End of retention: the row is deleted after it'
)
ENGINE = ${ENGINE:AggregatingMergeTree}
PARTITION BY toYYYYMM(day)
ORDER BY (project, installation, day)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800
COMMENT 'Facts of each installation on each day, filled from events. Read with FINAL or aggregate';

-- Which events there were. The ids are kept rather than a count, because a union of sets bears repetition and a sum does not.
-- Events without an installation are spread over slices, so that no row holds a whole day of them.
CREATE TABLE IF NOT EXISTS ${DATABASE}.feature_days ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    event LowCardinality(String) COMMENT 'Name of the event in the catalogue',
    app_version LowCardinality(String) COMMENT 'Version of the reporting software; empty when not told',
    installation String COMMENT 'Pseudonym of the installation; empty when the event names none',
    slice UInt8 COMMENT 'Part of the events without an installation, by their id; 0 for the others',
    event_ids SimpleAggregateFunction(groupUniqArrayArray, Array(UUID)) COMMENT 'Ids of the events',
    expires_at SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'End of retention: the row is deleted after it'
)
ENGINE = ${ENGINE:AggregatingMergeTree}
PARTITION BY toYYYYMM(day)
ORDER BY (project, day, event, app_version, installation, slice)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800
COMMENT 'Events by day, name, version and installation, filled from events. Read with FINAL';
