import type { ClickHouse } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ApiErasure } from '../api.ts';

const MOST = 200;

/** Erasures by their receipts, the latest first. */
export class ErasuresService {
  readonly #clickhouse: Pick<ClickHouse, 'rows'> | undefined;

  /** @param clickhouse logged in as who may read receipts; undefined where nobody may */
  constructor(clickhouse: Pick<ClickHouse, 'rows'> | undefined) {
    this.#clickhouse = clickhouse;
  }

  /**
   * @throws CO_STORE_AWAY when the console was given no login for it
   * @throws CH_UNAVAILABLE and its like
   */
  async erasures(): Promise<readonly ApiErasure[]> {
    if (this.#clickhouse === undefined)
      throw new RollcallError('CO_STORE_AWAY', 'set CONSOLE_RECEIPTS_PASSWORD to see erasures');
    // a step may stand there twice
    return this.#clickhouse.rows<ApiErasure>(
      `SELECT receipt, project, toString(max(e.status)) AS status,
         toString(min(e.requested_at)) AS requested_at, maxMap(e.rows) AS rows
       FROM rollcall.erasures AS e
       GROUP BY receipt, project
       ORDER BY min(e.requested_at) DESC
       LIMIT {most:UInt32}`,
      { most: MOST },
    );
  }
}
