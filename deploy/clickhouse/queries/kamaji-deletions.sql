-- question: How many control planes were deleted each day, in which state?
-- page: Kamaji, telemetry: deletions
-- parameter: project = kamaji
-- parameter: from = -29d
-- parameter: to = 0d
SELECT
    toDate(occurred_at) AS day,
    ifNull(properties.tcp_version.:String, '') AS tcp_version,
    ifNull(properties.status.:String, '') AS status,
    count() AS deleted
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event = 'delete'
GROUP BY day, tcp_version, status
ORDER BY day, tcp_version, status
