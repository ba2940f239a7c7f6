-- question: On which kinds of Kubernetes does Glasskube run?
-- page: Glasskube, telemetry: providers
-- parameter: project = glasskube
-- parameter: from = -29d
-- parameter: to = 0d
-- Told by the operator in the cluster; the command line may speak to several clusters.
SELECT
    latest AS provider,
    count() AS clusters
FROM
(
    SELECT installation, argMax(provider, (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event IN ('operator_started', 'status_conditions_changed', 'reconcile_package', 'delete_package')
      AND provider != ''
      AND installation != ''
    GROUP BY installation
)
GROUP BY provider
ORDER BY clusters DESC, provider
