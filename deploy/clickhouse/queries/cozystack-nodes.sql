-- question: How many nodes are there, by operating system and kernel?
-- page: Cozystack, telemetry: nodes
-- parameter: project = cozystack
-- parameter: from = -29d
-- parameter: to = 0d
-- A series is a cluster and its labels. In the window it counts with its maximum, as max_over_time does; then series are
-- summed. Lines of one push that the catalogue has made equal (two systems that are both “other”) are one series: their sum.
SELECT
    labels['os'] AS os,
    labels['kernel'] AS kernel,
    uniqExact(installation) AS clusters,
    sum(value) AS nodes
FROM
(
    SELECT installation, labels, max(highest) AS value
    FROM rollcall.metric_days
    WHERE project = {project:String}
      AND day BETWEEN {from:Date} AND {to:Date}
      AND name = 'cozy_nodes_count'
    GROUP BY installation, labels
)
GROUP BY os, kernel
ORDER BY nodes DESC, os, kernel
