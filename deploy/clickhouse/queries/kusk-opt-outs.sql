-- question: How often was telemetry turned off each day?
-- page: Kusk, “What We Collect”: the number of people who disable telemetry
-- parameter: project = kusk
-- parameter: from = -29d
-- parameter: to = 0d
-- An opt-out has no identifier: it is counted, not who it was.
SELECT
    toDate(occurred_at) AS day,
    count() AS opt_outs
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event = '$opt_out'
GROUP BY day
ORDER BY day
