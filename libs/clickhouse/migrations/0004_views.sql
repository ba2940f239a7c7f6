-- What analysts read. Each view counts over FINAL, so a retry that was stored twice is counted once; and each runs with
-- the rights of who asks, so row policies on events hold here too.
--
-- A pseudonym lives as long as its key: after a rotation the same installation counts as a new one.
CREATE OR REPLACE VIEW ${DATABASE}.installations ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    installation String COMMENT 'Pseudonym of the installation',
    first_seen DateTime64(3, 'UTC') COMMENT 'First event, by the clamped time of the client',
    last_seen DateTime64(3, 'UTC') COMMENT 'Latest event, by the clamped time of the client',
    days_seen UInt64 COMMENT 'On how many UTC days there was an event',
    events UInt64 COMMENT 'How many events there were',
    app_version LowCardinality(String) COMMENT 'Latest version told; empty when none was',
    kubernetes_version LowCardinality(String) COMMENT 'Latest Kubernetes version told; empty when none was',
    os LowCardinality(String) COMMENT 'Latest operating system told; empty when none was',
    arch LowCardinality(String) COMMENT 'Latest processor architecture told; empty when none was',
    provider LowCardinality(String) COMMENT 'Latest provider told; empty when none was'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    installation,
    min(occurred_at) AS first_seen,
    max(occurred_at) AS last_seen,
    uniqExact(toDate(occurred_at)) AS days_seen,
    count() AS events,
    argMaxIf(app_version, occurred_at, app_version != '') AS app_version,
    argMaxIf(kubernetes_version, occurred_at, kubernetes_version != '') AS kubernetes_version,
    argMaxIf(os, occurred_at, os != '') AS os,
    argMaxIf(arch, occurred_at, arch != '') AS arch,
    argMaxIf(provider, occurred_at, provider != '') AS provider
FROM ${DATABASE}.events FINAL
WHERE installation != ''
GROUP BY project, installation
COMMENT 'Installations: first and last seen, days seen, latest facts';

CREATE OR REPLACE VIEW ${DATABASE}.daily_active ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    installations UInt64 COMMENT 'How many installations were seen',
    events UInt64 COMMENT 'How many events there were, with or without an installation'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    toDate(occurred_at) AS day,
    uniqExactIf(installation, installation != '') AS installations,
    count() AS events
FROM ${DATABASE}.events FINAL
GROUP BY project, day
COMMENT 'Installations and events per project and day';

CREATE OR REPLACE VIEW ${DATABASE}.versions_daily ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    app_version LowCardinality(String) COMMENT 'Version of the reporting software; empty when not told',
    installations UInt64 COMMENT 'How many installations reported this version on this day',
    events UInt64 COMMENT 'How many events there were'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    toDate(occurred_at) AS day,
    app_version,
    uniqExactIf(installation, installation != '') AS installations,
    count() AS events
FROM ${DATABASE}.events FINAL
GROUP BY project, day, app_version
COMMENT 'Installations and events per project, day and version';

-- A step of the ladder is a claim about an installation, each one stricter than the one before.
CREATE OR REPLACE VIEW ${DATABASE}.ladder ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    received UInt64 COMMENT 'Installations with at least one event',
    plausible UInt64 COMMENT 'Of these, with an event that tells a version and whose clock was within the allowed skew',
    confirmed UInt64 COMMENT 'Of these, seen on two UTC days or more, by the time of the gateway'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    count() AS received,
    countIf(is_plausible) AS plausible,
    countIf(is_plausible AND days_received >= 2) AS confirmed
FROM
(
    SELECT
        project,
        installation,
        uniqExact(toDate(received_at)) AS days_received,
        max(app_version != '' AND (client_occurred_at IS NULL OR client_occurred_at = occurred_at)) AS is_plausible
    FROM ${DATABASE}.events FINAL
    WHERE installation != ''
    GROUP BY project, installation
)
GROUP BY project
COMMENT 'How believable the count of installations is: received, plausible, confirmed';
