-- question: Which versions of Kamaji and of Kubernetes run, with how many control planes?
-- page: Kamaji, telemetry: versions
-- parameter: project = kamaji
-- parameter: from = -29d
-- parameter: to = 0d
-- Each installation counts by its latest report: it sends one every five minutes.
SELECT
    latest.1 AS kamaji_version,
    latest.2 AS kubernetes_version,
    count() AS installations,
    sum(latest.3) AS control_planes
FROM
(
    SELECT
        installation,
        argMax(tuple(
            app_version,
            kubernetes_version,
            ifNull(properties.tenant_control_plane.running.:Int64, 0)
                + ifNull(properties.tenant_control_plane.upgrading.:Int64, 0)
                + ifNull(properties.tenant_control_plane.not_ready.:Int64, 0)
                + ifNull(properties.tenant_control_plane.sleeping.:Int64, 0)), (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event = 'stats'
      AND installation != ''
    GROUP BY installation
)
GROUP BY kamaji_version, kubernetes_version
ORDER BY installations DESC, kamaji_version, kubernetes_version
