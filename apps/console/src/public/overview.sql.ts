/**
 * What the clusters of a project said in each month, added up by metric and kind: as contributors, cap and capped sum.
 *
 * A series is a cluster and its labels; in a month it counts with its maximum, as `max_over_time` does, then series are
 * summed. It is the count of the named query `cozystack-overview` with what suppression needs beside it;
 * `overview.integration.spec.ts` holds the two together. All months at once: one question costs hardly more than one month.
 */
export const OVERVIEW_SQL = `SELECT
    toString(month) AS first_day,
    name,
    kind,
    count() AS contributors,
    arrayReverseSort(groupArray(value))[{least:UInt32}] AS cap,
    arraySum(x -> least(x, cap), groupArray(value)) AS capped_sum
FROM
(
    SELECT month, installation, name, if(name = 'cozy_application_count', lower(labels['kind']), '') AS kind, sum(reached) AS value
    FROM
    (
        SELECT month, installation, name, labels, max(highest) AS reached
        FROM rollcall.metric_months
        WHERE project = {project:String}
          AND month BETWEEN {from:Date} AND {to:Date}
          AND name IN ('cozy_cluster_info', 'cozy_nodes_count', 'cozy_application_count')
        GROUP BY month, installation, name, labels
    )
    GROUP BY month, installation, name, kind
)
WHERE value > 0
GROUP BY month, name, kind`;
