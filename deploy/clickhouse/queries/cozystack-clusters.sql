-- question: How many clusters are there, by version?
-- page: Cozystack, telemetry: clusters
-- parameter: project = cozystack
-- parameter: from = -29d
-- parameter: to = 0d
-- A cluster that was upgraded in the window is in both rows; the overview counts it once.
SELECT
    labels['cozystack_version'] AS cozystack_version,
    labels['kubernetes_version'] AS kubernetes_version,
    uniqExact(installation) AS clusters
FROM
(
    SELECT installation, labels, max(pushed) AS value
    FROM
    (
        SELECT installation, event_id, mapSort(labels) AS labels, sum(value) AS pushed
        FROM rollcall.metric_samples FINAL
        WHERE project = {project:String}
          AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
          AND name = 'cozy_cluster_info'
          AND installation != ''
        GROUP BY installation, event_id, labels
    )
    GROUP BY installation, labels
)
GROUP BY cozystack_version, kubernetes_version
ORDER BY clusters DESC, cozystack_version, kubernetes_version
