import type { ClickHouse } from '@rollcall/clickhouse';
import { findInstallationTables, type InstallationTable } from './installation-tables.ts';
import { matchingRows, quoteList, quoteText, type Erased } from './erasure-sql.ts';

/** What erasures report, in figures. */
export interface ErasureReports {
  erasureStep(step: ErasureStep): void;
  /** Rows of erased installations that were found in a table and deleted. */
  lateRowsDeleted(table: string, count: number): void;
}

export type ErasureStep = 'counted' | 'deleted' | 'verified';

export interface ErasurePace {
  /** Time for inserts under way to land before an erasure is verified. */
  readonly verifyAfterMs: number;
  /** Time between two looks for rows that came in all the same. */
  readonly sweepEveryMs: number;
}

interface OpenOrder extends Erased {
  readonly receipt: string;
  /** As ClickHouse writes a DateTime64 of UTC. */
  readonly requestedAt: string;
  /** 0 when nothing was done yet, else the number of its {@link ErasureStep}. */
  readonly step: number;
  readonly isQuiet: number;
}

interface LateRows extends Erased {
  readonly count: number;
}

/** The part of {@link ClickHouse} that erasing takes, as a user that may delete. */
export type ErasureStore = Pick<ClickHouse, 'rows' | 'command' | 'database'>;

const COUNTED = 1;
const DELETED = 2;
/** A mutation is waited for, on every replica. */
const WAIT = 'SETTINGS mutations_sync = 2';

/**
 * Carries out erasure orders, one pass at a time:
 *
 * 1. the tombstones are written: from then on every sink keeps the installation's rows out
 * 2. rows are counted by table, and the counts are written down
 * 3. rows are deleted, and that is written down
 * 4. when inserts under way have had time to land, rows are counted again: none makes it verified, else 3 again
 *
 * and looks now and then for rows of erased installations that came in all the same: an insert that began before the
 * tombstone and ended after the last count, a backup that was restored.
 *
 * Guarantee: all state is in ClickHouse and every step can be done twice, so that a pass that was killed is finished by
 * the next one, of this process or another.
 */
export class Eraser {
  readonly #store: ErasureStore;
  readonly #reports: ErasureReports;
  readonly #pace: ErasurePace;
  #sweptAt = -Infinity;

  constructor(store: ErasureStore, reports: ErasureReports, pace: ErasurePace) {
    this.#store = store;
    this.#reports = reports;
    this.#pace = pace;
  }

  /** @throws the code of ClickHouse's outcome; what was done stays done */
  async pass(): Promise<void> {
    const tables = await findInstallationTables(this.#store);
    for (const order of await this.#openOrders()) await this.#advance(order, tables);
    const now = performance.now();
    if (now - this.#sweptAt < this.#pace.sweepEveryMs) return;
    for (const table of tables) await this.#sweep(table);
    this.#sweptAt = now;
  }

  #openOrders(): Promise<OpenOrder[]> {
    const { database } = this.#store;
    return this.#store.rows<OpenOrder>(
      `SELECT receipt, o.project AS project, o.pseudonyms AS pseudonyms,
         toString(o.requested_at) AS requestedAt, ifNull(s.step, 0) AS step,
         ifNull(s.reached, toDateTime64(0, 3)) <= now64(3) - toIntervalMillisecond({quiet:UInt32}) AS isQuiet
       FROM (SELECT * FROM ${database}.erasure_orders FINAL) AS o
       LEFT JOIN (SELECT receipt, max(toUInt8(status)) AS step, max(at) AS reached
                  FROM ${database}.erasures GROUP BY receipt) AS s USING (receipt)
       WHERE step < 3 ORDER BY o.requested_at LIMIT 100`,
      { quiet: this.#pace.verifyAfterMs },
    );
  }

  async #advance(order: OpenOrder, tables: readonly InstallationTable[]): Promise<void> {
    if (order.step < COUNTED) {
      await this.#bury(order);
      await this.#write(order, 'counted', await this.#count(order, tables));
    }
    if (order.step < DELETED) await this.#deleteAll(order, tables);
    else if (order.isQuiet === 1) await this.#verify(order, tables);
  }

  async #verify(order: OpenOrder, tables: readonly InstallationTable[]): Promise<void> {
    const counts = await this.#count(order, tables);
    if ([...counts.values()].every((count) => count === 0)) await this.#write(order, 'verified');
    else await this.#deleteAll(order, tables);
  }

  async #deleteAll(order: OpenOrder, tables: readonly InstallationTable[]): Promise<void> {
    for (const table of tables) await this.#deleteFrom(table, order);
    await this.#write(order, 'deleted');
  }

  #deleteFrom(table: InstallationTable, erased: Erased): Promise<void> {
    const from = `${this.#store.database}.${table.name}`;
    return this.#store.command(`ALTER TABLE ${from} DELETE WHERE ${matchingRows(erased)} ${WAIT}`);
  }

  #bury({ project, pseudonyms }: OpenOrder): Promise<void> {
    return this.#store.command(
      `INSERT INTO ${this.#store.database}.tombstones
       SELECT ${quoteText(project)}, arrayJoin([${quoteList(pseudonyms)}]), now64(3)`,
    );
  }

  async #count(
    order: Erased,
    tables: readonly InstallationTable[],
  ): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const table of tables) {
      const [row] = await this.#store.rows<{ count: number }>(
        `SELECT count() AS count FROM ${this.#store.database}.${table.name} ${table.final}
         WHERE ${matchingRows(order)}`,
      );
      counts.set(table.name, row?.count ?? 0);
    }
    return counts;
  }

  async #write(
    { receipt, project, requestedAt }: OpenOrder,
    step: ErasureStep,
    counts: ReadonlyMap<string, number> = new Map(),
  ): Promise<void> {
    const pairs = [...counts].flatMap(([table, count]) => [quoteText(table), String(count)]);
    const rows = pairs.length === 0 ? 'map()' : `map(${pairs.join(', ')})`;
    await this.#store.command(
      `INSERT INTO ${this.#store.database}.erasures SELECT ${quoteText(receipt)}, ${quoteText(project)},
       '${step}', CAST(${rows}, 'Map(String, UInt64)'),
       toDateTime64(${quoteText(requestedAt)}, 3, 'UTC'), now64(3)`,
    );
    this.#reports.erasureStep(step);
  }

  /** Rows of erased installations that are in a table after all. */
  async #sweep(table: InstallationTable): Promise<void> {
    const { database } = this.#store;
    const late = await this.#store.rows<LateRows>(
      `SELECT project, groupUniqArray(1000)(installation) AS pseudonyms, count() AS count
       FROM ${database}.${table.name}
       WHERE (project, installation) IN (SELECT project, pseudonym FROM ${database}.tombstones)
       GROUP BY project`,
    );
    for (const each of late) {
      await this.#deleteFrom(table, each);
      this.#reports.lateRowsDeleted(table.name, each.count);
    }
  }
}
