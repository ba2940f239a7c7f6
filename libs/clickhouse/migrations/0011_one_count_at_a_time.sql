-- A server that starts again does not know when it counted last, so all six counts of 0008 began at once, each with a thread,
-- in the very seconds in which rows that had waited for the server were to be inserted. Now each count waits for the one
-- before it, and a round begins with ten seconds of nothing: what has waited goes first.
--
-- A count that fails holds up those behind it until it succeeds. The dearest is the last.
CREATE TABLE IF NOT EXISTS ${DATABASE}.counting_rounds ${ON_CLUSTER}
(
    began DateTime COMMENT 'When the last round of counts began, UTC'
)
ENGINE = MergeTree
ORDER BY tuple()
COMMENT 'One row: when figures were counted last';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${DATABASE}.counting_rounds_fill ${ON_CLUSTER} REFRESH AFTER 50 SECOND TO ${DATABASE}.counting_rounds
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT now() AS began
FROM (SELECT sum(sleepEachRow(1)) FROM numbers(10))
SETTINGS max_threads = 1, max_block_size = 1
COMMENT 'Begins a round of counts: ten seconds of sleep, fifty seconds after the last';

ALTER TABLE ${DATABASE}.retention_counts_fill ${ON_CLUSTER}
    MODIFY REFRESH AFTER 1 SECOND DEPENDS ON ${DATABASE}.counting_rounds_fill;
ALTER TABLE ${DATABASE}.ladder_counts_fill ${ON_CLUSTER}
    MODIFY REFRESH AFTER 1 SECOND DEPENDS ON ${DATABASE}.retention_counts_fill;
ALTER TABLE ${DATABASE}.version_counts_fill ${ON_CLUSTER}
    MODIFY REFRESH AFTER 1 SECOND DEPENDS ON ${DATABASE}.ladder_counts_fill;
ALTER TABLE ${DATABASE}.feature_counts_fill ${ON_CLUSTER}
    MODIFY REFRESH AFTER 1 SECOND DEPENDS ON ${DATABASE}.version_counts_fill;
ALTER TABLE ${DATABASE}.active_counts_fill ${ON_CLUSTER}
    MODIFY REFRESH AFTER 1 SECOND DEPENDS ON ${DATABASE}.feature_counts_fill;
ALTER TABLE ${DATABASE}.installation_facts_fill ${ON_CLUSTER}
    MODIFY REFRESH AFTER 1 SECOND DEPENDS ON ${DATABASE}.active_counts_fill;
