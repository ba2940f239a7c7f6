-- What each installation's series reached, by day and by month: questions about metrics ask for the maximum in a window.
--
-- A series is a name and its labels. Where the catalogue makes labels equal, a push has several samples of one series, and
-- they count as their sum. That sum stands on each of them, made by the anonymizer: here an insert may hold a part of a push
-- (records are cut by size, refused inserts are halved, a replay sends one line) or a push and its retry. Rows of an anonymizer
-- older than this migration have no sum, and then their own value stands for it.
ALTER TABLE ${DATABASE}.metric_samples ${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS pushed Float64 DEFAULT value COMMENT 'Sum of the samples of this name and these labels in the push' AFTER value;

CREATE TABLE IF NOT EXISTS ${DATABASE}.metric_days ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    name LowCardinality(String) COMMENT 'Name of the metric in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    installation String COMMENT 'Pseudonym of the installation',
    labels Map(LowCardinality(String), String) COMMENT 'Labels that the catalogue keeps, sorted by name',
    highest SimpleAggregateFunction(max, Float64) COMMENT 'Highest that one push of the day told of these labels',
    expires_at SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'End of retention: the row is deleted after it'
)
ENGINE = ${ENGINE:AggregatingMergeTree}
PARTITION BY toYYYYMM(day)
ORDER BY (project, name, day, installation, labels)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800,
    min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Highest values by day, installation and labels, filled from metric_samples. Read with FINAL or aggregate';

-- By month too: a year of days is ten times as many rows, and a page waits for them. A month expires with its first push, not
-- with its last: otherwise the row would keep what a push told for up to a month longer than its project says.
CREATE TABLE IF NOT EXISTS ${DATABASE}.metric_months ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    name LowCardinality(String) COMMENT 'Name of the metric in the catalogue',
    month Date COMMENT 'First day of the UTC month, by the clamped time of the client',
    installation String COMMENT 'Pseudonym of the installation',
    labels Map(LowCardinality(String), String) COMMENT 'Labels that the catalogue keeps, sorted by name',
    highest SimpleAggregateFunction(max, Float64) COMMENT 'Highest that one push of the month told of these labels',
    expires_at SimpleAggregateFunction(min, DateTime('UTC')) COMMENT 'End of retention of the first push: the row is deleted after it'
)
ENGINE = ${ENGINE:AggregatingMergeTree}
PARTITION BY toYYYYMM(month)
ORDER BY (project, name, month, installation, labels)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 10000, replicated_deduplication_window = 10000,
    replicated_deduplication_window_seconds = 604800,
    min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Highest values by month, installation and labels, filled from metric_samples. Read with FINAL or aggregate';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.metric_days_fill ${ON_CLUSTER} TO ${DATABASE}.metric_days
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    name,
    toDate(occurred_at, 'UTC') AS day,
    installation,
    mapSort(s.labels) AS labels,
    max(s.pushed) AS highest,
    max(s.expires_at) AS expires_at
FROM ${DATABASE}.metric_samples AS s
WHERE installation != ''
GROUP BY project, name, day, installation, labels
COMMENT 'Fills metric_days from inserts into metric_samples';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.metric_months_fill ${ON_CLUSTER} TO ${DATABASE}.metric_months
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    name,
    toStartOfMonth(toDate(occurred_at, 'UTC')) AS month,
    installation,
    mapSort(s.labels) AS labels,
    max(s.pushed) AS highest,
    min(s.expires_at) AS expires_at
FROM ${DATABASE}.metric_samples AS s
WHERE installation != ''
GROUP BY project, name, month, installation, labels
COMMENT 'Fills metric_months from inserts into metric_samples';

-- What is stored already has its pushes whole, so the sum is made here. FINAL, or a retry would be added to itself. Repeating
-- this is safe: a row merged with itself stays what it is.
INSERT INTO ${DATABASE}.metric_days (project, name, day, installation, labels, highest, expires_at)
SELECT project, name, day, installation, labels, max(p.sum) AS highest, max(p.expires_at) AS expires_at
FROM
(
    SELECT
        project,
        name,
        event_id,
        toDate(occurred_at, 'UTC') AS day,
        installation,
        mapSort(s.labels) AS labels,
        sum(s.value) AS sum,
        max(s.expires_at) AS expires_at
    FROM ${DATABASE}.metric_samples AS s FINAL
    WHERE installation != ''
    GROUP BY project, name, event_id, day, installation, labels
) AS p
GROUP BY project, name, day, installation, labels
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0, optimize_aggregation_in_order = 1,
    max_bytes_before_external_group_by = 500000000;

-- From the days, which are fewer. A month that is filled so expires with its first day's last push.
INSERT INTO ${DATABASE}.metric_months (project, name, month, installation, labels, highest, expires_at)
SELECT
    project,
    name,
    toStartOfMonth(day) AS month,
    installation,
    labels,
    max(d.highest) AS highest,
    min(d.expires_at) AS expires_at
FROM ${DATABASE}.metric_days AS d
GROUP BY project, name, month, installation, labels
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0, max_bytes_before_external_group_by = 500000000;
