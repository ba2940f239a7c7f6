-- question: How many control planes were created each day, of which version and how?
-- page: Kamaji, telemetry: creations
-- parameter: project = kamaji
-- parameter: from = -29d
-- parameter: to = 0d
-- Nobody is named in these events: two equal ones are two.
SELECT
    toDate(occurred_at) AS day,
    ifNull(properties.tcp_version.:String, '') AS tcp_version,
    ifNull(properties.network_profile.:String, '') AS network_profile,
    countIf(properties.cluster_api.:Bool) AS by_cluster_api,
    count() AS created
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event = 'create'
GROUP BY day, tcp_version, network_profile
ORDER BY day, tcp_version, network_profile
