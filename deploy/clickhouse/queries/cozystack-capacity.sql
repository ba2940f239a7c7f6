-- question: How large are the clusters together?
-- page: Cozystack, telemetry: capacity
-- parameter: project = cozystack
-- parameter: from = -29d
-- parameter: to = 0d
-- A series is a cluster and its labels. In the window it counts with its maximum, as max_over_time does; then series are
-- summed. Lines of one push that the catalogue has made equal (two systems that are both “other”) are one series: their sum.
-- Capacities are rounded down to a step before they are stored: the sum is a lower bound.
SELECT
    labels['resource'] AS resource,
    uniqExact(installation) AS clusters,
    sum(value) AS capacity
FROM
(
    SELECT installation, labels, max(highest) AS value
    FROM rollcall.metric_days
    WHERE project = {project:String}
      AND day BETWEEN {from:Date} AND {to:Date}
      AND name = 'cozy_cluster_capacity'
    GROUP BY installation, labels
)
GROUP BY resource
ORDER BY resource
