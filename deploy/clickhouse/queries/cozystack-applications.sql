-- question: How many applications of each kind do tenants run?
-- page: Cozystack, telemetry: applications
-- parameter: project = cozystack
-- parameter: from = -29d
-- parameter: to = 0d
-- A series is a cluster and its labels. In the window it counts with its maximum, as max_over_time does; then series are
-- summed. Lines of one push that the catalogue has made equal (two systems that are both “other”) are one series: their sum.
SELECT
    labels['kind'] AS kind,
    uniqExactIf(installation, value > 0) AS clusters,
    sum(value) AS applications
FROM
(
    SELECT installation, labels, max(highest) AS value
    FROM rollcall.metric_days
    WHERE project = {project:String}
      AND day BETWEEN {from:Date} AND {to:Date}
      AND name = 'cozy_application_count'
    GROUP BY installation, labels
)
GROUP BY kind
ORDER BY applications DESC, kind
