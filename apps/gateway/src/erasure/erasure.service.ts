import type { ClickHouse } from '@rollcall/clickhouse';
import { HEADERS, RECORD_VERSION, TOPICS, topicSpecs } from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';
import type { Clock } from '@rollcall/pipeline';
import { Problem } from '../http/problem.ts';
import { Receipts } from './receipts.ts';

export interface ErasureParts {
  readonly receipts: Receipts;
  /** Resolves when Kafka has acknowledged the record. */
  readonly send: (topic: string, record: ProducedRecord) => Promise<void>;
  /** Reads how far erasures are; undefined where the gateway has no such user: a receipt stays queued then. */
  readonly store: Pick<ClickHouse, 'rows' | 'database'> | undefined;
  readonly clock: Clock;
}

/** How far an erasure is, as it is answered. */
export interface ErasureStatus {
  readonly receipt: string;
  readonly status: 'queued' | 'deleted' | 'verified';
  readonly rows: Readonly<Record<string, number>>;
  readonly requested_at: string | null;
  readonly deleted_at: string | null;
  readonly verified_at: string | null;
  /** Topics that hold records longer than their tables, and until when at the latest. */
  readonly retained: readonly { readonly topic: string; readonly until: string | null }[];
}

interface Found {
  readonly step: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly requestedMs: number;
  readonly deletedMs: number;
  readonly verifiedMs: number;
}

const RETAINED: ReadonlySet<string> = new Set(Object.values(TOPICS));
const DELETED = 2;
const VERIFIED = 3;

/**
 * Takes erasure requests and says how far they are.
 *
 * Guarantee: a request that has a receipt is in Kafka, acknowledged; it is never spooled, so that an identifier given for
 * erasure is on no disk of the gateway. The answer is the same whether the identifier is known or not: nobody looks.
 */
export class ErasureService {
  readonly #parts: ErasureParts;

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** @throws Problem GW_UNAVAILABLE when Kafka does not take it */
  async request(project: string, installationId: string): Promise<string> {
    const receipt = this.#parts.receipts.give(project);
    const requested_at = new Date(this.#parts.clock()).toISOString();
    const line = { receipt, project, installation_id: installationId, requested_at };
    const headers = { [HEADERS.version]: RECORD_VERSION, [HEADERS.count]: '1' };
    try {
      await this.#parts.send(TOPICS.erasure, { value: `${JSON.stringify(line)}\n`, headers });
    } catch {
      throw unavailable();
    }
    return receipt;
  }

  /** @throws Problem GW_RECEIPT_UNKNOWN, GW_UNAVAILABLE */
  async status(project: string, receipt: string): Promise<ErasureStatus> {
    if (!Receipts.isReceipt(receipt)) throw new Problem('GW_RECEIPT_UNKNOWN');
    const found = await this.#find(project, receipt);
    if (found === undefined && !this.#parts.receipts.wasGiven(project, receipt))
      throw new Problem('GW_RECEIPT_UNKNOWN');
    return toStatus(receipt, found);
  }

  async #find(project: string, receipt: string): Promise<Found | undefined> {
    const { store } = this.#parts;
    if (store === undefined) return undefined;
    try {
      const [found] = await store.rows<Found>(
        `SELECT max(toUInt8(status)) AS step, maxMap(e.rows) AS rows,
           toUnixTimestamp64Milli(any(requested_at)) AS requestedMs,
           toUnixTimestamp64Milli(maxIf(at, status = 'deleted')) AS deletedMs,
           toUnixTimestamp64Milli(minIf(at, status = 'verified')) AS verifiedMs
         FROM ${store.database}.erasures AS e
         WHERE receipt = {receipt:String} AND project = {project:String} GROUP BY receipt`,
        { receipt, project },
      );
      return found;
    } catch {
      throw unavailable();
    }
  }
}

function unavailable(): Problem {
  return new Problem('GW_UNAVAILABLE', undefined, { 'retry-after': '5' });
}

const NOTHING_YET: Found = { step: 0, rows: {}, requestedMs: 0, deletedMs: 0, verifiedMs: 0 };

function toStatus(receipt: string, found: Found = NOTHING_YET): ErasureStatus {
  const { step, rows, requestedMs, deletedMs, verifiedMs } = found;
  return {
    receipt,
    status: statusOf(step),
    rows: step >= DELETED ? rows : {},
    requested_at: toIso(requestedMs),
    deleted_at: toIso(deletedMs),
    verified_at: toIso(verifiedMs),
    retained: topicSpecs(1)
      .filter(({ topic }) => RETAINED.has(topic))
      .map(({ topic, retentionMs, segmentMs }) => ({
        topic,
        until: requestedMs === 0 ? null : toIso(requestedMs + retentionMs + segmentMs),
      })),
  };
}

function statusOf(step: number): ErasureStatus['status'] {
  if (step >= VERIFIED) return 'verified';
  return step >= DELETED ? 'deleted' : 'queued';
}

function toIso(ms: number): string | null {
  return ms === 0 ? null : new Date(ms).toISOString();
}
