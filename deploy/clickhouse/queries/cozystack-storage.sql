-- question: How many volumes are there, by driver and size?
-- page: Cozystack, telemetry: storage
-- parameter: project = cozystack
-- parameter: from = -29d
-- parameter: to = 0d
-- A series is a cluster and its labels. In the window it counts with its maximum, as max_over_time does; then series are
-- summed. Lines of one push that the catalogue has made equal (two systems that are both “other”) are one series: their sum.
SELECT
    labels['driver'] AS driver,
    labels['size'] AS size,
    uniqExact(installation) AS clusters,
    sum(value) AS volumes
FROM
(
    SELECT installation, labels, max(highest) AS value
    FROM rollcall.metric_days
    WHERE project = {project:String}
      AND day BETWEEN {from:Date} AND {to:Date}
      AND name = 'cozy_pvs_count'
    GROUP BY installation, labels
)
GROUP BY driver, size
ORDER BY volumes DESC, driver, size
