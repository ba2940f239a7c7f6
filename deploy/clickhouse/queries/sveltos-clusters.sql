-- question: How many clusters does Sveltos manage?
-- page: Sveltos, telemetry: managed clusters
-- parameter: project = sveltos
-- parameter: from = -29d
-- parameter: to = 0d
-- Each deployment counts by its latest report: it sends one every six hours, from each of its replicas.
SELECT
    count() AS deployments,
    sum(latest.1) AS clusters,
    sum(latest.2) AS ready,
    sum(latest.3) AS pull_mode,
    sum(latest.4) AS cluster_api,
    sum(latest.5) AS management_nodes
FROM
(
    SELECT
        installation,
        argMax(tuple(
            ifNull(properties.sveltosClusters.:Int64, 0),
            ifNull(properties.readySveltosClusters.:Int64, 0),
            ifNull(properties.pullSveltosClusters.:Int64, 0),
            ifNull(properties.capiClusters.:Int64, 0),
            ifNull(properties.managementClusterNodes.:Int64, 0)), (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event = 'report'
      AND installation != ''
    GROUP BY installation
)
