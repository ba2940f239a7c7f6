-- question: Which commands are run, how often and by how many?
-- page: Glasskube, telemetry: commands
-- parameter: project = glasskube
-- parameter: from = -29d
-- parameter: to = 0d
-- “-” is glasskube without a command.
SELECT
    event AS command,
    count() AS runs,
    uniqExact(installation) AS installations
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event IN ('-', 'auto-update', 'bootstrap', 'completion', 'configure', 'describe', 'help', 'install', 'list', 'open',
    'purge', 'repo', 'resume', 'serve', 'suspend', 'telemetry', 'uninstall', 'update', 'version')
GROUP BY command
ORDER BY runs DESC, command
