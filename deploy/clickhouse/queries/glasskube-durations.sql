-- question: How long do commands take?
-- page: Glasskube, telemetry: durations
-- parameter: project = glasskube
-- parameter: from = -29d
-- parameter: to = 0d
SELECT
    event AS command,
    count() AS runs,
    quantileExact(0.5)(assumeNotNull(properties.execution_time.:Int64)) AS median_ms,
    quantileExact(0.95)(assumeNotNull(properties.execution_time.:Int64)) AS p95_ms
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event IN ('-', 'auto-update', 'bootstrap', 'completion', 'configure', 'describe', 'help', 'install', 'list', 'open',
    'purge', 'repo', 'resume', 'serve', 'suspend', 'telemetry', 'uninstall', 'update', 'version')
  AND properties.execution_time.:Int64 IS NOT NULL
GROUP BY command
ORDER BY runs DESC, command
