-- question: How many sessions did the web interface have each day?
-- page: Kusk, “What We Collect”: the number of unique sessions in the UI
-- parameter: project = kusk
-- parameter: from = -29d
-- parameter: to = 0d
-- A session is a day on which an installation's interface asked for something. The start of the API server is nobody's.
SELECT
    toDate(occurred_at) AS day,
    uniqExact(installation) AS sessions
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND (event IN ('$page', '$screen')
    OR event = 'kusk-api-server'
    AND properties.message.:String != 'kusk-gateway api-server bootstrapping')
  AND installation != ''
GROUP BY day
ORDER BY day
