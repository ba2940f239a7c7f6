-- question: How many tenant control planes are there, by state?
-- page: Kamaji, telemetry: tenant control planes by state
-- parameter: project = kamaji
-- parameter: from = -29d
-- parameter: to = 0d
-- Each installation counts by its latest report: it sends one every five minutes.
SELECT
    count() AS installations,
    sum(latest.1) AS running,
    sum(latest.2) AS upgrading,
    sum(latest.3) AS not_ready,
    sum(latest.4) AS sleeping
FROM
(
    SELECT
        installation,
        argMax(tuple(
            ifNull(properties.tenant_control_plane.running.:Int64, 0),
            ifNull(properties.tenant_control_plane.upgrading.:Int64, 0),
            ifNull(properties.tenant_control_plane.not_ready.:Int64, 0),
            ifNull(properties.tenant_control_plane.sleeping.:Int64, 0)), (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event = 'stats'
      AND installation != ''
    GROUP BY installation
)
