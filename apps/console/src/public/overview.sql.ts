/**
 * What the clusters of a project said in a window, added up by metric and kind: as contributors, cap and capped sum.
 *
 * A series is a cluster and its labels; in the window it counts with its maximum, as `max_over_time` does, then series are
 * summed. Lines of one push that the catalogue has made equal are one series: their sum. It is the count of the named query
 * `cozystack-overview` with what suppression needs beside it; `overview.integration.spec.ts` holds the two together.
 */
export const OVERVIEW_SQL = `SELECT
    name,
    kind,
    count() AS contributors,
    arrayReverseSort(groupArray(value)) AS said,
    said[{least:UInt32}] AS cap,
    arraySum(x -> least(x, cap), said) AS capped_sum
FROM
(
    SELECT installation, name, if(name = 'cozy_application_count', lower(labels['kind']), '') AS kind, sum(highest) AS value
    FROM
    (
        SELECT installation, name, labels, max(pushed) AS highest
        FROM
        (
            SELECT installation, event_id, name, mapSort(labels) AS labels, sum(value) AS pushed
            FROM rollcall.metric_samples FINAL
            WHERE project = {project:String}
              AND toDate(occurred_at) BETWEEN {from:Date} AND {to:Date}
              AND name IN ('cozy_cluster_info', 'cozy_nodes_count', 'cozy_application_count')
              AND installation != ''
            GROUP BY installation, event_id, name, labels
        )
        GROUP BY installation, name, labels
    )
    GROUP BY installation, name, kind
)
WHERE value > 0
GROUP BY name, kind`;
