-- question: How many installations of the command line were used?
-- page: Kusk, “What We Collect”: the number of CLI installations
-- parameter: project = kusk
-- parameter: from = -29d
-- parameter: to = 0d
SELECT uniqExact(installation) AS cli_installations
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event = 'kusk-cli'
  AND installation != ''
