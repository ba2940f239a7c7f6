-- question: On which operating systems is the command line used?
-- page: Glasskube, telemetry: operating systems
-- parameter: project = glasskube
-- parameter: from = -29d
-- parameter: to = 0d
SELECT
    latest.1 AS os,
    latest.2 AS arch,
    count() AS installations
FROM
(
    SELECT installation, argMax(tuple(os, arch), (occurred_at, event_id)) AS latest
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND os != ''
      AND installation != ''
    GROUP BY installation
)
GROUP BY os, arch
ORDER BY installations DESC, os, arch
