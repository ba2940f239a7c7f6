-- question: From which version to which were control planes upgraded?
-- page: Kamaji, telemetry: upgrades
-- parameter: project = kamaji
-- parameter: from = -29d
-- parameter: to = 0d
-- A change without an old version belongs to a creation; one without a new version is no upgrade.
SELECT
    assumeNotNull(properties.old_tcp_version.:String) AS old_version,
    assumeNotNull(properties.new_tcp_version.:String) AS new_version,
    count() AS upgrades
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event = 'update'
  AND properties.old_tcp_version.:String != ''
  AND properties.new_tcp_version.:String != properties.old_tcp_version.:String
GROUP BY old_version, new_version
ORDER BY upgrades DESC, old_version, new_version
