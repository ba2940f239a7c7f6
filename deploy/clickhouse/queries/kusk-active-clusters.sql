-- question: In how many clusters was the gateway active each day?
-- page: Kusk, “What We Collect”: the number of unique active cluster installations
-- parameter: project = kusk
-- parameter: from = -29d
-- parameter: to = 0d
-- Active: it beat, started or reconciled something.
SELECT
    toDate(occurred_at) AS day,
    uniqExact(installation) AS active_clusters
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event IN ('kusk', 'kusk-heartbeat')
  AND installation != ''
GROUP BY day
ORDER BY day
