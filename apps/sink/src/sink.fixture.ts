import { Registry } from 'prom-client';
import type { StoreOutcome } from '@rollcall/clickhouse';
import { HEADERS, RECORD_VERSION } from '@rollcall/contracts-transport';
import type { ConsumedRecord, GroupPosition, ResumableBatch } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import type { Source } from './batch/batch-window.ts';
import type { Insert, InsertLines, Patience } from './insert/patient-insert.ts';
import { SinkTelemetry } from './sink.telemetry.ts';

/** No spec waits for a real back-off. */
export const IMPATIENT: Patience = {
  firstDelayMs: 1,
  maxDelayMs: 4,
  heartbeatMs: 2,
  maxFailures: 4,
};

export function record(
  offset: number,
  lines: readonly string[],
  table: string | undefined = 'events',
): ConsumedRecord {
  return {
    offset: String(offset),
    timestamp: String(1_000_000 + offset),
    value: Buffer.from(lines.map((line) => `${line}\n`).join('')),
    headers: {
      [HEADERS.version]: RECORD_VERSION,
      [HEADERS.count]: String(lines.length),
      ...(table !== undefined && { [HEADERS.table]: table }),
    },
  };
}

const TOPIC = 'telemetry.anonymized.v1';

/** Records as windows are cut from them. */
export function sourceOf(records: readonly ConsumedRecord[]): Source {
  return { origin: { clusterId: 'c', topic: TOPIC, life: 'l', partition: 2 }, records };
}

export type CommitFault = 'refused' | 'unheard';

/** What a broker keeps for a group, over all batches of a partition. */
export class FakeGroup {
  kept: GroupPosition = { clusterId: 'c', offset: undefined, metadata: '' };
  /** What happens to the next commits and notes, one each. `unheard`: it is kept, and the answer is lost. */
  readonly faults: (CommitFault | undefined)[] = [];

  commit(offset: string, metadata = ''): void {
    const fault = this.faults.shift();
    if (fault !== 'refused') this.kept = { clusterId: 'c', offset, metadata };
    if (fault !== undefined) throw new Error(`commit ${fault}`);
  }
}

/** A batch as the transport hands it over, which remembers what was committed. */
export interface FakeBatch extends ResumableBatch {
  readonly committed: string[];
  heartbeats: number;
  isLost: boolean;
  isReadOn: boolean;
}

export function batchOf(
  records: readonly ConsumedRecord[],
  { topic = TOPIC, group = new FakeGroup(), generation = 1 } = {},
): FakeBatch {
  const batch: FakeBatch = {
    topic,
    partition: 2,
    records,
    lastOffset: records.at(-1)?.offset ?? '-1',
    generation,
    committed: [],
    heartbeats: 0,
    isLost: false,
    isReadOn: false,
    commit: async (lastOffset, metadata) => {
      await Promise.resolve();
      group.commit(String(BigInt(lastOffset) + 1n), metadata);
      batch.committed.push(lastOffset);
    },
    note: async (firstOffset, metadata) => {
      await Promise.resolve();
      group.commit(firstOffset, metadata);
    },
    position: () => Promise.resolve(group.kept),
    readOn: () => void (batch.isReadOn = true),
    heartbeat: () => {
      batch.heartbeats += 1;
      return Promise.resolve();
    },
    isStale: () => batch.isLost,
  };
  return batch;
}

/** A store that keeps rows in memory: like ClickHouse it knows tokens, and takes all rows of an insert or none. */
export class FakeStore {
  readonly inserts: Insert[] = [];
  readonly rows: string[] = [];
  readonly #tokens = new Set<string>();
  /** Outcomes to give first, before looking at any row. */
  readonly outage: StoreOutcome[] = [];

  insert: InsertLines = (insert) => {
    const away = this.outage.shift();
    if (away !== undefined) return Promise.resolve(away);
    this.inserts.push(insert);
    const lines = Buffer.concat(insert.chunks).toString().split('\n').slice(0, -1);
    if (lines.some((line) => line.startsWith('bad')))
      return Promise.resolve({ kind: 'dead_letter', code: 'CH_REFUSED', vendorCode: '27' });
    if (!this.#tokens.has(insert.token)) this.rows.push(...lines);
    this.#tokens.add(insert.token);
    return Promise.resolve({ kind: 'ok', rowCount: lines.length });
  };
}

export const AWAY: Extract<StoreOutcome, { kind: 'retry' }> = {
  kind: 'retry',
  code: 'CH_UNAVAILABLE',
  vendorCode: 'ECONNREFUSED',
};

export function telemetry(log = silentLog, registry = new Registry()): SinkTelemetry {
  return new SinkTelemetry({ registry, log, clock: Date.now });
}
