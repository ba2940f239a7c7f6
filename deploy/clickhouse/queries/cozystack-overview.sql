-- question: What are the figures of the overview for this window?
-- page: Cozystack, GET /api/overview: one period
-- parameter: project = cozystack
-- parameter: from = -29d
-- parameter: to = 0d
-- A series is a cluster and its labels. In the window it counts with its maximum, as max_over_time does; then series are
-- summed. Lines of one push that the catalogue has made equal (two systems that are both “other”) are one series: their sum.
SELECT
    uniqExactIf(installation, name = 'cozy_cluster_info') AS clusters,
    sumIf(value, name = 'cozy_nodes_count') AS total_nodes,
    if(clusters = 0, 0, total_nodes / clusters) AS avg_nodes_per_cluster,
    sumIf(value, name = 'cozy_application_count' AND labels['kind'] = 'Tenant') AS total_tenants,
    if(clusters = 0, 0, total_tenants / clusters) AS avg_tenants_per_cluster,
    sumMapIf(map(lower(labels['kind']), value), name = 'cozy_application_count') AS apps
FROM
(
    SELECT installation, name, labels, max(highest) AS value
    FROM rollcall.metric_days
    WHERE project = {project:String}
      AND day BETWEEN {from:Date} AND {to:Date}
      AND name IN ('cozy_cluster_info', 'cozy_nodes_count', 'cozy_application_count')
    GROUP BY installation, name, labels
)
