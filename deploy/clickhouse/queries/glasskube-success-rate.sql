-- question: How often do commands succeed?
-- page: Glasskube, telemetry: success rate
-- parameter: project = glasskube
-- parameter: from = -29d
-- parameter: to = 0d
-- Runs that told no exit code are not counted.
SELECT
    event AS command,
    countIf(properties.exit_code.:Int64 IS NOT NULL) AS runs,
    countIf(properties.exit_code.:Int64 = 0) AS succeeded,
    succeeded / runs AS success_rate
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event IN ('-', 'auto-update', 'bootstrap', 'completion', 'configure', 'describe', 'help', 'install', 'list', 'open',
    'purge', 'repo', 'resume', 'serve', 'suspend', 'telemetry', 'uninstall', 'update', 'version')
GROUP BY command
HAVING runs > 0
ORDER BY runs DESC, command
