import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreOutcome } from '@rollcall/clickhouse';
import type { TableName } from '@rollcall/contracts-transport';
import type { ConsumedBatch } from '@rollcall/kafka';
import type { SinkTelemetry } from '../sink.telemetry.ts';

/** One insert: rows under the token that names them. */
export interface Insert {
  readonly table: TableName;
  readonly token: string;
  readonly chunks: readonly Buffer[];
}

/** The store's answer, and how many rows were left out before it was asked. */
export type InsertOutcome = StoreOutcome & { readonly keptOutCount?: number };

/** The store as the sink needs it. */
export type InsertLines = (insert: Insert) => Promise<InsertOutcome>;

/** The consumer's side of a batch, while an insert takes long. */
export type Lease = Pick<ConsumedBatch, 'heartbeat' | 'isStale'>;

/** `ok` and `refused` as the store said; `interrupted`: the partition is no longer ours, or the service stops. */
export type InsertEnd =
  | { readonly kind: 'ok'; readonly rowCount: number; readonly keptOutCount?: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'interrupted' };

export interface Patience {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** How often the group is told that this member is alive; also how soon an interruption is noticed. */
  readonly heartbeatMs: number;
  /** Failures of unknown cause, one after the other, after which the rows are suspected. */
  readonly maxFailures: number;
}

/**
 * A tenth of a second at first, then doubling, but never more than a quarter of a second: what waits is late by at most that
 * after an outage, which may have been a restart of a second, and four inserts a second harm no server that is coming up.
 */
export const DEFAULT_PATIENCE: Patience = {
  firstDelayMs: 100,
  maxDelayMs: 250,
  heartbeatMs: 500,
  // more than a minute: a server in trouble says so by other codes long before
  maxFailures: 300,
};

/**
 * Inserts, and tries again for as long as ClickHouse is away, keeping the partition meanwhile.
 *
 * Guarantee: ends only with an answer about the data or when the partition is lost; repeats carry the same token, so that
 * an insert whose answer was lost is not stored twice. A fault of unknown cause is tried again a bounded number of times
 * and then counts as a refusal, so that no rows can hold a partition for ever.
 */
export class PatientInsert {
  readonly #insertLines: InsertLines;
  readonly #telemetry: SinkTelemetry;
  readonly #patience: Patience;
  /** When the inserts that are under way began, the oldest first; epoch ms. */
  readonly #underWay = new Map<symbol, number>();

  constructor(
    insertLines: InsertLines,
    telemetry: SinkTelemetry,
    patience: Patience = DEFAULT_PATIENCE,
  ) {
    this.#insertLines = insertLines;
    this.#telemetry = telemetry;
    this.#patience = patience;
  }

  /** When the oldest of the inserts that are under way was begun, epoch ms; undefined when there is none. */
  get waitingSince(): number | undefined {
    return this.#underWay.values().next().value;
  }

  async insert(
    lease: Lease,
    insert: Insert,
    maxFailures = this.#patience.maxFailures,
  ): Promise<InsertEnd> {
    const underWay = Symbol(insert.table);
    this.#underWay.set(underWay, Date.now());
    try {
      return await this.#insertUntilAnswered(lease, insert, maxFailures);
    } finally {
      this.#underWay.delete(underWay);
    }
  }

  async #insertUntilAnswered(
    lease: Lease,
    insert: Insert,
    maxFailures: number,
  ): Promise<InsertEnd> {
    let failures = 0;
    for (
      let delayMs = this.#patience.firstDelayMs;
      ;
      delayMs = Math.min(delayMs * 2, this.#patience.maxDelayMs)
    ) {
      if (lease.isStale()) return { kind: 'interrupted' };
      const outcome = await this.#attempt(lease, insert);
      if (outcome.kind === 'ok') return outcome;
      if (outcome.kind === 'dead_letter') return { kind: 'refused' };
      failures = outcome.code === 'CH_FAILED' ? failures + 1 : 0;
      if (failures >= maxFailures) return { kind: 'refused' };
      this.#telemetry.insertDelayed(outcome.code, outcome.vendorCode);
      await this.#pause(lease, delayMs);
    }
  }

  async #attempt(lease: Lease, insert: Insert): Promise<InsertOutcome> {
    // A failed heartbeat while an insert runs is no reason to drop it: the commit will say whether the partition is ours.
    const beat = setInterval(
      () => void lease.heartbeat().catch(() => undefined),
      this.#patience.heartbeatMs,
    );
    try {
      return await this.#telemetry.timeInsert(insert.table, () => this.#insertLines(insert));
    } catch (error) {
      // A fault of the program: these rows may be what sets it off.
      const vendorCode = error instanceof Error ? error.name : 'UNKNOWN';
      return { kind: 'retry', code: 'CH_FAILED', vendorCode };
    } finally {
      clearInterval(beat);
    }
  }

  async #pause(lease: Lease, delayMs: number): Promise<void> {
    for (
      let restMs = delayMs;
      restMs > 0 && !lease.isStale();
      restMs -= this.#patience.heartbeatMs
    ) {
      await sleep(Math.min(restMs, this.#patience.heartbeatMs));
      if (!lease.isStale()) await lease.heartbeat();
    }
  }
}
