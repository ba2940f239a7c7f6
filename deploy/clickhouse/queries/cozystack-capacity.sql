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
    SELECT installation, labels, max(pushed) AS value
    FROM
    (
        SELECT installation, event_id, mapSort(labels) AS labels, sum(value) AS pushed
        FROM rollcall.metric_samples FINAL
        WHERE project = {project:String}
          AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
          AND name = 'cozy_cluster_capacity'
          AND installation != ''
        GROUP BY installation, event_id, labels
    )
    GROUP BY installation, labels
)
GROUP BY resource
ORDER BY resource
