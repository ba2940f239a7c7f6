-- question: Which features are used, by how many deployments and how much?
-- page: Sveltos, telemetry: profiles and other resources
-- parameter: project = sveltos
-- parameter: from = -29d
-- parameter: to = 0d
-- Each deployment counts by its latest report: it sends one every six hours, from each of its replicas.
SELECT
    feature,
    countIf(number > 0) AS deployments,
    sum(number) AS resources
FROM
(
    SELECT
        arrayJoin(latest.1) AS entry,
        entry.1 AS feature,
        entry.2 AS number
    FROM
    (
        SELECT
            installation,
            argMax(tuple([
                tuple('clusterProfiles', ifNull(properties.clusterProfiles.:Int64, 0)),
                tuple('profiles', ifNull(properties.profiles.:Int64, 0)),
                tuple('clusterSummaries', ifNull(properties.clusterSummaries.:Int64, 0)),
                tuple('eventTriggers', ifNull(properties.eventTriggers.:Int64, 0)),
                tuple('clusterHealthChecks', ifNull(properties.clusterHealthChecks.:Int64, 0)),
                tuple('clusterPromotions', ifNull(properties.clusterPromotions.:Int64, 0))]), (occurred_at, event_id)) AS latest
        FROM rollcall.events FINAL
        WHERE project = {project:String}
          AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
          AND event = 'report'
          AND installation != ''
        GROUP BY installation
    )
)
GROUP BY feature
ORDER BY feature
