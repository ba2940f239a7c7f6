-- question: Which datastores are used, and by how many control planes?
-- page: Kamaji, telemetry: datastores by driver
-- parameter: project = kamaji
-- parameter: from = -29d
-- parameter: to = 0d
-- Each installation counts by its latest report: it sends one every five minutes.
SELECT
    driver,
    countIf(number > 0) AS installations,
    sum(number) AS datastores,
    sum(planes) AS used_by
FROM
(
    SELECT
        arrayJoin(latest.1) AS entry,
        entry.1 AS driver,
        entry.2 AS number,
        entry.3 AS planes
    FROM
    (
        SELECT
            installation,
            argMax(tuple([
                tuple('etcd', ifNull(properties.datastores.etcd.count.:Int64, 0), ifNull(properties.datastores.etcd.used_by_count.:Int64, 0)),
                tuple('mysql', ifNull(properties.datastores.mysql.count.:Int64, 0), ifNull(properties.datastores.mysql.used_by_count.:Int64, 0)),
                tuple('nats', ifNull(properties.datastores.nats.count.:Int64, 0), ifNull(properties.datastores.nats.used_by_count.:Int64, 0)),
                tuple('postgres', ifNull(properties.datastores.postgres.count.:Int64, 0), ifNull(properties.datastores.postgres.used_by_count.:Int64, 0))]), (occurred_at, event_id)) AS latest
        FROM rollcall.events FINAL
        WHERE project = {project:String}
          AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
          AND event = 'stats'
          AND installation != ''
        GROUP BY installation
    )
)
GROUP BY driver
ORDER BY driver
