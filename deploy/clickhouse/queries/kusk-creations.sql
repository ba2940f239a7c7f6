-- question: How many APIs, static routes and fleets were created, and how often were they reconciled?
-- page: Kusk, “What We Collect”: the number of API, StaticRoute and EnvoyFleet creations
-- parameter: project = kusk
-- parameter: from = -29d
-- parameter: to = 0d
-- Created: through the web interface. Reconciled: also what kubectl made or changed, once for each change or restart;
-- the client does not tell a first time from a later one.
SELECT
    multiIf(
        message IN ('DeployApi', 'reconciling API'), 'API',
        message IN ('CreateStaticRoute', 'reconciling Static route'), 'StaticRoute',
        'EnvoyFleet') AS kind,
    countIf(event = 'kusk-api-server') AS created,
    countIf(event = 'kusk') AS reconciled
FROM
(
    SELECT event, assumeNotNull(properties.message.:String) AS message
    FROM rollcall.events FINAL
    WHERE project = {project:String}
      AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
      AND event IN ('kusk', 'kusk-api-server')
)
WHERE message IN ('DeployApi', 'CreateStaticRoute', 'CreateFleet', 'reconciling API', 'reconciling Static route',
    'reconciling EnvoyFleet', 'reconciling Envoy Fleet')
GROUP BY kind
ORDER BY kind
