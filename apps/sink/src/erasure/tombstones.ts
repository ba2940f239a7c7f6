import type { ClickHouse } from '@rollcall/clickhouse';

interface Tombstone {
  readonly project: string;
  readonly pseudonym: string;
  readonly erasedMs: number;
}

/** An insert of tombstones is seen this much after the time that is in it, at the latest. */
const OVERLAP_MS = 120_000;

/** The installations that were erased, as far as the last look at ClickHouse showed them. They only ever become more. */
export class Tombstones {
  readonly #store: Pick<ClickHouse, 'rows' | 'database'>;
  readonly #projectsOf = new Map<string, Set<string>>();
  #newestMs = 0;

  constructor(store: Pick<ClickHouse, 'rows' | 'database'>) {
    this.#store = store;
  }

  get isEmpty(): boolean {
    return this.#projectsOf.size === 0;
  }

  /** Whether some project has a tombstone of this pseudonym. */
  mayHold(pseudonym: string): boolean {
    return this.#projectsOf.has(pseudonym);
  }

  has(project: string, pseudonym: string): boolean {
    return this.#projectsOf.get(pseudonym)?.has(project) === true;
  }

  /**
   * Reads what was written since the last time.
   *
   * Guarantee: a tombstone that was in ClickHouse when this was called is known when it returns.
   * @throws the code of ClickHouse's outcome
   */
  async refresh(): Promise<void> {
    const found = await this.#store.rows<Tombstone>(
      `SELECT project, pseudonym, toUnixTimestamp64Milli(erased_at) AS erasedMs
       FROM ${this.#store.database}.tombstones
       WHERE erased_at >= fromUnixTimestamp64Milli({since:Int64})`,
      { since: Math.max(0, this.#newestMs - OVERLAP_MS) },
    );
    for (const { project, pseudonym, erasedMs } of found) {
      const projects = this.#projectsOf.get(pseudonym);
      if (projects === undefined) this.#projectsOf.set(pseudonym, new Set([project]));
      else projects.add(project);
      this.#newestMs = Math.max(this.#newestMs, erasedMs);
    }
  }
}
