import type { ClickHouse } from '@rollcall/clickhouse';
import {
  CODES,
  REPLAYABLE_CODES,
  REPLAYABLE_TOPICS,
  titleOf,
  type Code,
} from '@rollcall/contracts-transport';
import type { ApiRejection } from '../api.ts';

type RejectionRow = Omit<ApiRejection, 'title'>;

const MOST = 1_000;

/** What was refused or dropped lately, by project, stage, code and topic: coordinates and counts, never content. */
export class RejectionsService {
  readonly #clickhouse: Pick<ClickHouse, 'rows'>;

  constructor(clickhouse: Pick<ClickHouse, 'rows'>) {
    this.#clickhouse = clickhouse;
  }

  /**
   * @param days how far back, 1 or more
   * @throws CH_UNAVAILABLE and its like
   */
  async rejections(days: number): Promise<readonly ApiRejection[]> {
    const rows = await this.#clickhouse.rows<RejectionRow>(
      `SELECT project, stage, code, sum(r.count) AS count,
         sumIf(r.count, r."offset" >= 0 AND r."partition" >= 0 AND has({topics:Array(String)}, topic)
           AND has({codes:Array(String)}, code)) AS replayable,
         topic, toString(max(r."at")) AS last_at
       FROM rollcall.rejections AS r FINAL
       WHERE r."at" >= now() - toIntervalDay({days:UInt16})
       GROUP BY project, stage, code, topic
       ORDER BY count DESC, project, stage, code, topic
       LIMIT {most:UInt32}`,
      { days, most: MOST, topics: REPLAYABLE_TOPICS, codes: REPLAYABLE_CODES },
    );
    return rows.map((row) => ({ ...row, title: isCode(row.code) ? titleOf(row.code) : row.code }));
  }
}

const isCode = (text: string): text is Code => Object.hasOwn(CODES, text);
