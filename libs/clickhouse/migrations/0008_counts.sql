-- Figures that pages ask for, made once a minute and not by whoever reads. A figure cannot be put right by deleting from it, so
-- each table is counted anew as a whole from the derived tables: a retry, a replay and an erasure are in the next count.
-- installation_facts alone names installations, and erasure deletes there too.
--
-- AFTER, not EVERY: a count that takes long is followed by a minute of rest. One thread. Grouping in the order of
-- reading takes hardly any memory, but makes FINAL merge also where there is nothing to merge: so not there. Plain MergeTree
-- also on a cluster: each replica counts its own copy.
--
-- A month that nothing was added to for ten minutes becomes one part: FINAL has nothing to merge in it then. A month's rows
-- never meet another's, since day is in both sorting keys.
ALTER TABLE ${DATABASE}.feature_days ${ON_CLUSTER}
    MODIFY SETTING min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;
ALTER TABLE ${DATABASE}.installation_days ${ON_CLUSTER}
    MODIFY SETTING min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS ${DATABASE}.active_counts ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    period LowCardinality(String) COMMENT 'day, week or month',
    start Date COMMENT 'First UTC day of the period; weeks begin on Monday',
    installations UInt64 COMMENT 'How many installations were seen',
    qualified UInt64 COMMENT 'Of these, installations that the ladder calls qualified'
)
ENGINE = MergeTree
ORDER BY (project, period, start)
COMMENT 'Active installations by day, week and month, counted once a minute';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.active_counts_fill ${ON_CLUSTER} REFRESH AFTER 1 MINUTE TO ${DATABASE}.active_counts
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    seen.1 AS period,
    seen.2 AS start,
    count() AS installations,
    countIf(is_qualified) AS qualified
FROM
(
    SELECT
        project,
        groupUniqArray(day) AS days,
        max(is_plausible) AND length(days) >= 2 AND NOT max(is_ci) AND NOT max(is_dev) AND NOT max(is_fork) AS is_qualified,
        arrayConcat(
            arrayMap(d -> ('day', d), days),
            arrayMap(d -> ('week', d), arrayDistinct(arrayMap(d -> toMonday(d), days))),
            arrayMap(d -> ('month', d), arrayDistinct(arrayMap(d -> toStartOfMonth(d), days)))) AS periods
    FROM ${DATABASE}.installation_days
    GROUP BY project, installation
)
ARRAY JOIN periods AS seen
GROUP BY project, period, start
SETTINGS max_threads = 1, optimize_aggregation_in_order = 1
COMMENT 'Counts active_counts again, a minute after it was counted last';

CREATE TABLE IF NOT EXISTS ${DATABASE}.feature_counts ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    event LowCardinality(String) COMMENT 'Name of the event in the catalogue',
    installations UInt64 COMMENT 'How many installations sent the event on this day',
    events UInt64 COMMENT 'How many there were, with or without an installation'
)
ENGINE = MergeTree
ORDER BY (project, day, event)
COMMENT 'Events by day and name, counted once a minute';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.feature_counts_fill ${ON_CLUSTER} REFRESH AFTER 1 MINUTE TO ${DATABASE}.feature_counts
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    day,
    event,
    uniqExactIf(installation, installation != '') AS installations,
    sum(length(event_ids)) AS events
FROM ${DATABASE}.feature_days FINAL
GROUP BY project, day, event
SETTINGS max_threads = 1, do_not_merge_across_partitions_select_final = 1, max_bytes_before_external_group_by = 500000000
COMMENT 'Counts feature_counts again, a minute after it was counted last';

CREATE TABLE IF NOT EXISTS ${DATABASE}.version_counts ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    app_version LowCardinality(String) COMMENT 'Version of the reporting software; empty when not told',
    installations UInt64 COMMENT 'How many installations reported this version on this day',
    events UInt64 COMMENT 'How many events there were'
)
ENGINE = MergeTree
ORDER BY (project, day, app_version)
COMMENT 'Events by day and version, counted once a minute';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.version_counts_fill ${ON_CLUSTER} REFRESH AFTER 1 MINUTE TO ${DATABASE}.version_counts
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    day,
    app_version,
    uniqExactIf(installation, installation != '') AS installations,
    sum(length(event_ids)) AS events
FROM ${DATABASE}.feature_days FINAL
GROUP BY project, day, app_version
SETTINGS max_threads = 1, do_not_merge_across_partitions_select_final = 1, max_bytes_before_external_group_by = 500000000
COMMENT 'Counts version_counts again, a minute after it was counted last';

CREATE TABLE IF NOT EXISTS ${DATABASE}.retention_counts ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    cohort Date COMMENT 'Monday of the week in which the installations were first seen',
    week UInt32 COMMENT 'Weeks since the cohort: 0 is its own week',
    installations UInt64 COMMENT 'Installations of the cohort that were seen in this week'
)
ENGINE = MergeTree
ORDER BY (project, cohort, week)
COMMENT 'Retention by week, counted once a minute';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.retention_counts_fill ${ON_CLUSTER} REFRESH AFTER 1 MINUTE TO ${DATABASE}.retention_counts
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    project,
    arrayMin(weeks) AS cohort,
    toUInt32(dateDiff('day', arrayMin(weeks), arrayJoin(weeks)) / 7) AS week,
    count() AS installations
FROM
(
    SELECT project, groupUniqArray(toMonday(day)) AS weeks
    FROM ${DATABASE}.installation_days
    GROUP BY project, installation
)
GROUP BY project, cohort, week
SETTINGS max_threads = 1, optimize_aggregation_in_order = 1
COMMENT 'Counts retention_counts again, a minute after it was counted last';

CREATE TABLE IF NOT EXISTS ${DATABASE}.ladder_counts ${ON_CLUSTER}
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
ENGINE = MergeTree
ORDER BY (project)
COMMENT 'The steps of the ladder, counted once a minute';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.ladder_counts_fill ${ON_CLUSTER} REFRESH AFTER 1 MINUTE TO ${DATABASE}.ladder_counts
DEFINER = CURRENT_USER SQL SECURITY DEFINER
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
        max(is_plausible) AS plausible_one,
        plausible_one AND min(day) != max(day) AS confirmed_one,
        max(is_ci) AS ci,
        max(is_dev) AS dev,
        max(is_fork) AS fork
    FROM ${DATABASE}.installation_days
    GROUP BY project, installation
)
GROUP BY project
SETTINGS max_threads = 1, optimize_aggregation_in_order = 1
COMMENT 'Counts ladder_counts again, a minute after it was counted last';

CREATE TABLE IF NOT EXISTS ${DATABASE}.installation_facts ${ON_CLUSTER}
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
ENGINE = MergeTree
ORDER BY (project, installation)
COMMENT 'What is known of each installation in all, counted once a minute';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.installation_facts_fill ${ON_CLUSTER} REFRESH AFTER 1 MINUTE TO ${DATABASE}.installation_facts
DEFINER = CURRENT_USER SQL SECURITY DEFINER
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
    SELECT project, installation, sum(length(event_ids)) AS events
    FROM ${DATABASE}.feature_days FINAL
    WHERE installation != ''
    GROUP BY project, installation
) AS f ON d.project = f.project AND d.installation = f.installation
SETTINGS max_threads = 1, do_not_merge_across_partitions_select_final = 1, max_bytes_before_external_group_by = 500000000
COMMENT 'Counts installation_facts again, a minute after it was counted last';

-- What analysts read keeps its names. Each view runs with the rights of who asks, so row policies hold.
CREATE OR REPLACE VIEW ${DATABASE}.daily_active ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    installations UInt64 COMMENT 'How many installations were seen',
    qualified UInt64 COMMENT 'Of these, installations that the ladder calls qualified',
    events UInt64 COMMENT 'How many events there were, with or without an installation'
)
SQL SECURITY INVOKER
AS SELECT
    f.project AS project,
    f.day AS day,
    a.installations AS installations,
    a.qualified AS qualified,
    f.events AS events
FROM
(
    SELECT project, day, sum(c.events) AS events
    FROM ${DATABASE}.feature_counts AS c
    GROUP BY project, day
) AS f
LEFT JOIN
(
    SELECT project, start, installations, qualified
    FROM ${DATABASE}.active_counts
    WHERE period = 'day'
) AS a ON f.project = a.project AND f.day = a.start
COMMENT 'Installations and events per project and day, as of a minute ago';

CREATE OR REPLACE VIEW ${DATABASE}.weekly_active ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    week Date COMMENT 'Monday of the week, UTC',
    installations UInt64 COMMENT 'How many installations were seen',
    qualified UInt64 COMMENT 'Of these, installations that the ladder calls qualified'
)
SQL SECURITY INVOKER
AS SELECT project, start AS week, installations, qualified
FROM ${DATABASE}.active_counts
WHERE period = 'week'
COMMENT 'Installations per project and week, as of a minute ago; days cannot be added up to it';

CREATE OR REPLACE VIEW ${DATABASE}.monthly_active ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    month Date COMMENT 'First day of the month, UTC',
    installations UInt64 COMMENT 'How many installations were seen',
    qualified UInt64 COMMENT 'Of these, installations that the ladder calls qualified'
)
SQL SECURITY INVOKER
AS SELECT project, start AS month, installations, qualified
FROM ${DATABASE}.active_counts
WHERE period = 'month'
COMMENT 'Installations per project and month, as of a minute ago; days cannot be added up to it';

CREATE OR REPLACE VIEW ${DATABASE}.versions_daily ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    app_version LowCardinality(String) COMMENT 'Version of the reporting software; empty when not told',
    installations UInt64 COMMENT 'How many installations reported this version on this day',
    events UInt64 COMMENT 'How many events there were'
)
SQL SECURITY INVOKER
AS SELECT project, day, app_version, installations, events
FROM ${DATABASE}.version_counts
COMMENT 'Installations and events per project, day and version, as of a minute ago';

CREATE OR REPLACE VIEW ${DATABASE}.features_daily ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    event LowCardinality(String) COMMENT 'Name of the event in the catalogue',
    installations UInt64 COMMENT 'How many installations sent the event on this day',
    events UInt64 COMMENT 'How many there were, with or without an installation'
)
SQL SECURITY INVOKER
AS SELECT project, day, event, installations, events
FROM ${DATABASE}.feature_counts
COMMENT 'Installations and events per project, day and event, as of a minute ago';

CREATE OR REPLACE VIEW ${DATABASE}.retention_weekly ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    cohort Date COMMENT 'Monday of the week in which the installations were first seen',
    week UInt32 COMMENT 'Weeks since the cohort: 0 is its own week',
    installations UInt64 COMMENT 'Installations of the cohort that were seen in this week'
)
SQL SECURITY INVOKER
AS SELECT project, cohort, week, installations
FROM ${DATABASE}.retention_counts
COMMENT 'Installations by week of first sight and weeks since, as of a minute ago';

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
AS SELECT project, received, plausible, confirmed, qualified, removed_ci, removed_dev, removed_fork
FROM ${DATABASE}.ladder_counts
COMMENT 'How believable the count of installations is, step by step, and what each filter removed; as of a minute ago';

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
AS SELECT project, installation, first_seen, last_seen, days_seen, events, app_version, kubernetes_version, os, arch, provider
FROM ${DATABASE}.installation_facts
COMMENT 'Installations: first and last seen, days seen, latest facts; as of a minute ago';

-- An opt-out is an event without an installation: who opted out is not known, by intent.
CREATE OR REPLACE VIEW ${DATABASE}.opt_outs_daily ${ON_CLUSTER}
(
    project LowCardinality(String) COMMENT 'Name of the project in the catalogue',
    day Date COMMENT 'UTC day, by the clamped time of the client',
    opt_outs UInt64 COMMENT 'How many opt-outs were counted'
)
SQL SECURITY INVOKER
AS SELECT project, day, events AS opt_outs
FROM ${DATABASE}.feature_counts
WHERE event = '$opt_out'
COMMENT 'Opt-outs per project and day, as of a minute ago';
