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
    SELECT installation, labels, max(highest) AS value
    FROM rollcall.metric_days
    WHERE project = {project:String}
      AND day BETWEEN {from:Date} AND {to:Date}
      AND name = 'cozy_cluster_info'
    GROUP BY installation, labels
)
GROUP BY cozystack_version, kubernetes_version
ORDER BY clusters DESC, cozystack_version, kubernetes_version
