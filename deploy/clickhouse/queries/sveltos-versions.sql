-- question: Which versions of Sveltos and of Kubernetes run, on what?
-- page: Sveltos, telemetry: versions
-- parameter: project = sveltos
-- parameter: from = -29d
-- parameter: to = 0d
-- Each deployment counts by its latest report: it sends one every six hours, from each of its replicas.
SELECT
    latest.1 AS sveltos_version,
    latest.2 AS kubernetes_version,
    latest.3 AS provider,
    count() AS deployments
FROM
(
    SELECT
        installation,
        argMax(tuple(app_version, kubernetes_version, provider), (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event = 'report'
      AND installation != ''
    GROUP BY installation
)
GROUP BY sveltos_version, kubernetes_version, provider
ORDER BY deployments DESC, sveltos_version, kubernetes_version, provider
