-- The derived tables fill with every insert into events, and once from what events already holds: repeating that is safe,
-- because a row merged with itself stays what it is. With the rights of who migrates: the sink may only insert into events.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.installation_days_fill ${ON_CLUSTER} TO ${DATABASE}.installation_days
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    installation,
    toDate(occurred_at, 'UTC') AS day,
    min(occurred_at) AS first_seen,
    max(occurred_at) AS last_seen,
    max(toUInt8(e.app_version != '' AND (client_occurred_at IS NULL OR client_occurred_at = occurred_at))) AS is_plausible,
    max(e.is_ci) AS is_ci,
    max(e.is_dev) AS is_dev,
    max(e.is_fork) AS is_fork,
    max(if(e.app_version = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.app_version)))) AS app_version,
    max(if(e.kubernetes_version = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.kubernetes_version)))) AS kubernetes_version,
    max(if(e.os = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.os)))) AS os,
    max(if(e.arch = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.arch)))) AS arch,
    max(if(e.provider = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.provider)))) AS provider,
    max(e.expires_at) AS expires_at
FROM ${DATABASE}.events AS e
WHERE installation != ''
GROUP BY project, installation, day
COMMENT 'Fills installation_days from inserts into events';

INSERT INTO ${DATABASE}.installation_days
(project, installation, day, first_seen, last_seen, is_plausible, is_ci, is_dev, is_fork,
    app_version, kubernetes_version, os, arch, provider, expires_at)
SELECT
    project,
    installation,
    toDate(occurred_at, 'UTC') AS day,
    min(occurred_at) AS first_seen,
    max(occurred_at) AS last_seen,
    max(toUInt8(e.app_version != '' AND (client_occurred_at IS NULL OR client_occurred_at = occurred_at))) AS is_plausible,
    max(e.is_ci) AS is_ci,
    max(e.is_dev) AS is_dev,
    max(e.is_fork) AS is_fork,
    max(if(e.app_version = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.app_version)))) AS app_version,
    max(if(e.kubernetes_version = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.kubernetes_version)))) AS kubernetes_version,
    max(if(e.os = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.os)))) AS os,
    max(if(e.arch = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.arch)))) AS arch,
    max(if(e.provider = '', (toDateTime64(0, 3, 'UTC'), ''), (occurred_at, toString(e.provider)))) AS provider,
    max(e.expires_at) AS expires_at
FROM ${DATABASE}.events AS e
WHERE installation != ''
GROUP BY project, installation, day
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.feature_days_fill ${ON_CLUSTER} TO ${DATABASE}.feature_days
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    toDate(occurred_at, 'UTC') AS day,
    event,
    app_version,
    installation,
    if(installation = '', toUInt8(sipHash64(event_id) % 256), 0) AS slice,
    groupUniqArray(event_id) AS event_ids,
    max(e.expires_at) AS expires_at
FROM ${DATABASE}.events AS e
GROUP BY project, day, event, app_version, installation, slice
COMMENT 'Fills feature_days from inserts into events';

INSERT INTO ${DATABASE}.feature_days
(project, day, event, app_version, installation, slice, event_ids, expires_at)
SELECT
    project,
    toDate(occurred_at, 'UTC') AS day,
    event,
    app_version,
    installation,
    if(installation = '', toUInt8(sipHash64(event_id) % 256), 0) AS slice,
    groupUniqArray(event_id) AS event_ids,
    max(e.expires_at) AS expires_at
FROM ${DATABASE}.events AS e
GROUP BY project, day, event, app_version, installation, slice
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0;
