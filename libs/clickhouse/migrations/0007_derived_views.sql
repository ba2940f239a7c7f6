-- What analysts read, now over the derived tables. Each view runs with the rights of who asks, so row policies hold.
-- Installations without an event within the retention are gone, as their rows are.
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
    d.project AS project,
    d.installation AS installation,
    d.first_seen AS first_seen,
    d.last_seen AS last_seen,
    d.days_seen AS days_seen,
    f.events AS events,
    d.app_version AS app_version,
    d.kubernetes_version AS kubernetes_version,
    d.os AS os,
    d.arch AS arch,
    d.provider AS provider
FROM
(
    SELECT
        project,
        installation,
        min(s.first_seen) AS first_seen,
        max(s.last_seen) AS last_seen,
        uniqExact(day) AS days_seen,
        max(s.app_version).2 AS app_version,
        max(s.kubernetes_version).2 AS kubernetes_version,
        max(s.os).2 AS os,
        max(s.arch).2 AS arch,
        max(s.provider).2 AS provider
    FROM ${DATABASE}.installation_days AS s
    GROUP BY project, installation
) AS d
LEFT JOIN
(
    SELECT project, installation, uniqExactArray(event_ids) AS events
    FROM ${DATABASE}.feature_days
    WHERE installation != ''
    GROUP BY project, installation
) AS f ON d.project = f.project AND d.installation = f.installation
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
    day,
    uniqExactIf(installation, installation != '') AS installations,
    sum(length(event_ids)) AS events
FROM ${DATABASE}.feature_days FINAL
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
    day,
    app_version,
    uniqExactIf(installation, installation != '') AS installations,
    sum(length(event_ids)) AS events
FROM ${DATABASE}.feature_days FINAL
GROUP BY project, day, app_version
COMMENT 'Installations and events per project, day and version';

CREATE OR REPLACE VIEW ${DATABASE}.features_daily ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    event LowCardinality(String) COMMENT 'Name of the event in the catalogue',
    installations UInt64 COMMENT 'How many installations sent the event on this day',
    events UInt64 COMMENT 'How many there were, with or without an installation'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    day,
    event,
    uniqExactIf(installation, installation != '') AS installations,
    sum(length(event_ids)) AS events
FROM ${DATABASE}.feature_days FINAL
GROUP BY project, day, event
COMMENT 'Installations and events per project, day and event';

CREATE OR REPLACE VIEW ${DATABASE}.retention_weekly ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    cohort Date COMMENT 'Monday of the week in which the installations were first seen',
    week UInt32 COMMENT 'Weeks since the cohort: 0 is its own week',
    installations UInt64 COMMENT 'Installations of the cohort that were seen in this week'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    arrayMin(weeks) AS cohort,
    toUInt32(dateDiff('day', arrayMin(weeks), arrayJoin(weeks)) / 7) AS week,
    count() AS installations
FROM
(
    SELECT project, installation, groupUniqArray(toMonday(day)) AS weeks
    FROM ${DATABASE}.installation_days
    GROUP BY project, installation
)
GROUP BY project, cohort, week
COMMENT 'Installations by week of first sight and weeks since';

-- A filter removes from what the filter before it left, so that the three and qualified add up to confirmed.
CREATE OR REPLACE VIEW ${DATABASE}.ladder ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    received UInt64 COMMENT 'Installations with at least one event',
    plausible UInt64 COMMENT 'Of these, with an event that tells a version and whose clock was within the allowed skew',
    confirmed UInt64 COMMENT 'Of these, seen on two UTC days or more, by the clamped time of the client',
    qualified UInt64 COMMENT 'Of these, for which no filter of the catalogue ever held',
    removed_ci UInt64 COMMENT 'Confirmed installations that a ci filter removed',
    removed_dev UInt64 COMMENT 'Of the rest, those that a dev filter removed',
    removed_fork UInt64 COMMENT 'Of the rest, those that a fork filter removed'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    count() AS received,
    countIf(plausible_one) AS plausible,
    countIf(confirmed_one) AS confirmed,
    countIf(confirmed_one AND NOT ci AND NOT dev AND NOT fork) AS qualified,
    countIf(confirmed_one AND ci) AS removed_ci,
    countIf(confirmed_one AND NOT ci AND dev) AS removed_dev,
    countIf(confirmed_one AND NOT ci AND NOT dev AND fork) AS removed_fork
FROM
(
    SELECT
        project,
        installation,
        max(is_plausible) AS plausible_one,
        plausible_one AND uniqExact(day) >= 2 AS confirmed_one,
        max(is_ci) AS ci,
        max(is_dev) AS dev,
        max(is_fork) AS fork
    FROM ${DATABASE}.installation_days
    GROUP BY project, installation
)
GROUP BY project
COMMENT 'How believable the count of installations is, step by step, and what each filter removed';

-- An opt-out is an event without an installation: who opted out is not known, by intent.
CREATE OR REPLACE VIEW ${DATABASE}.opt_outs_daily ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    opt_outs UInt64 COMMENT 'How many opt-outs were counted'
)
SQL SECURITY INVOKER
AS SELECT
    project,
    day,
    sum(length(event_ids)) AS opt_outs
FROM ${DATABASE}.feature_days FINAL
WHERE event = '$opt_out'
GROUP BY project, day
COMMENT 'Opt-outs per project and day';
