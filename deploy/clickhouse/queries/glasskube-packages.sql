-- question: Which packages are installed, in how many clusters?
-- page: Glasskube, telemetry: packages
-- parameter: project = glasskube
-- parameter: from = -29d
-- parameter: to = 0d
-- A cluster counts by the latest word about the package; one that was removed does not.
SELECT
    latest.1 AS package,
    count() AS clusters,
    countIf(latest.2 = 'True') AS ready,
    countIf(latest.3) AS auto_update
FROM
(
    SELECT
        installation,
        properties.package_name.:String AS name,
        argMax(
            tuple(
                assumeNotNull(properties.package_name.:String),
                ifNull(properties.package_ready_status.:String, ''),
                ifNull(properties.package_auto_update.:Bool, false),
                event),
            (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event IN ('reconcile_package', 'delete_package')
      AND properties.package_name.:String IS NOT NULL
      AND installation != ''
    GROUP BY installation, name
)
WHERE latest.4 = 'reconcile_package'
GROUP BY package
ORDER BY clusters DESC, package
