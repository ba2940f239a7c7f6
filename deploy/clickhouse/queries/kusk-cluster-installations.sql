-- question: Into how many clusters was the gateway installed?
-- page: Kusk, “What We Collect”: the number of installations to a cluster
-- parameter: project = kusk
-- parameter: from = -29d
-- parameter: to = 0d
-- The manager says so at every start: a cluster counts once, however often it starts.
SELECT uniqExact(installation) AS cluster_installations
FROM rollcall.events FINAL
WHERE project = {project:String}
  AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
  AND event = 'kusk'
  AND properties.message.:String = 'kusk-gateway manager bootstrapping'
  AND installation != ''
