import { ask, type AnalystAccess } from '../replay/analyst.ts';
import type { Refusals, Replay } from './replay-captures.ts';

/** A row of a table as ClickHouse gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** What ClickHouse holds of one capture, with everything in it that differs from run to run replaced by what it is. */
export interface GoldenRows {
  readonly events: readonly Row[];
  readonly metric_samples: readonly Row[];
  /** How many fields were dropped, by raw record and code: without names, as they are counted. */
  readonly rejections: readonly Row[];
  /** How many events the gateway did not take, by code. */
  readonly refused: Refusals;
}

const PSEUDONYM = /^[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of every shipped project. */
const ALLOWED_SKEW_MS = 48 * HOUR_MS;
/** The captures are older than this: a time this close to the gateway's was reckoned from it. */
const CLOSE_MS = 60_000;

const BETWEEN = `received_at BETWEEN fromUnixTimestamp64Milli({from:Int64}) AND fromUnixTimestamp64Milli({to:Int64})`;
const EVENTS = `SELECT * FROM rollcall.events FINAL WHERE ${BETWEEN} ORDER BY received_at, raw_index`;
const SAMPLES = `SELECT * FROM rollcall.metric_samples FINAL WHERE ${BETWEEN} ORDER BY received_at, sample_index`;
const REJECTIONS = `SELECT project, stage, code, count, partition AS raw_partition, offset AS raw_offset
  FROM rollcall.rejections FINAL
  WHERE (partition, offset) IN (SELECT raw_partition, toInt64(raw_offset) FROM rollcall.events FINAL WHERE ${BETWEEN})`;

const toMs = (text: unknown): number => Date.parse(`${String(text).replace(' ', 'T')}Z`);

/** Gives each value a number by its first appearance, so that what was equal stays equal. */
function createNumbers(title: string): (value: string) => string {
  const numbers = new Map<string, number>();
  return (value) => {
    if (!numbers.has(value)) numbers.set(value, numbers.size + 1);
    return `<${title} ${numbers.get(value)}>`;
  };
}

/** Replaces what differs from run to run. One for all rows of a capture. */
class Normalizer {
  readonly #pseudonym = createNumbers('pseudonym');
  readonly #eventId = createNumbers('event id');
  readonly #record = createNumbers('raw record');

  row(row: Row): Row {
    const { raw_partition, raw_offset, ...columns } = row;
    const normalized: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(columns))
      normalized[name] = this.#column(name, value, row);
    if (raw_offset !== undefined)
      normalized['raw_record'] = this.#record(JSON.stringify([raw_partition, raw_offset]));
    return normalized;
  }

  #column(name: string, value: unknown, row: Row): unknown {
    switch (name) {
      case 'received_at':
        return '<received>';
      case 'client_occurred_at':
        return value === null ? null : sinceReceived(value, row);
      case 'occurred_at':
        return occurredAt(value, row);
      case 'expires_at':
        return `<received + ${Math.round((toMs(value) - toMs(row['received_at'])) / DAY_MS)} days>`;
      default:
        return this.#value(value);
    }
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, this.#value(inner)]),
      );
    if (typeof value !== 'string') return value;
    if (PSEUDONYM.test(value)) return this.#pseudonym(value);
    return UUID.test(value) ? this.#eventId(value) : value;
  }
}

/** A time that was reckoned from the gateway's, or the client's own words. */
function sinceReceived(value: unknown, row: Row): unknown {
  const distance = toMs(value) - toMs(row['received_at']);
  if (Math.abs(distance) >= CLOSE_MS) return value;
  return distance < 0 ? `<received - ${-distance} ms>` : `<received + ${distance} ms>`;
}

/** The captures get older, so one day a client's time is beyond the allowed skew: then it stands at that bound. */
function occurredAt(value: unknown, row: Row): unknown {
  const { received_at: receivedAt, client_occurred_at: clientTime } = row;
  if (value === receivedAt) return '<received>';
  const clamped = Math.max(toMs(clientTime), toMs(receivedAt) - ALLOWED_SKEW_MS);
  return toMs(value) === clamped ? '<client_occurred_at within the allowed skew>' : value;
}

/** Numbers of records are given in the order of their events; offsets of different partitions have none. */
function byRecordAndCode(a: Row, b: Row): number {
  const keyOf = (row: Row): string => `${String(row['raw_record'])} ${String(row['code'])}`;
  return keyOf(a).localeCompare(keyOf(b), 'en', { numeric: true });
}

/** What was stored of a replay, ready to be compared. */
export async function goldenRows(
  access: AnalystAccess,
  { from, to, refused }: Replay,
): Promise<GoldenRows> {
  const parameters = { from: String(from), to: String(to) };
  const normalizer = new Normalizer();
  const rowsOf = async (query: string): Promise<Row[]> =>
    (await ask<Row>(access, query, parameters)).map((row) => normalizer.row(row));
  return {
    events: await rowsOf(EVENTS),
    metric_samples: await rowsOf(SAMPLES),
    rejections: (await rowsOf(REJECTIONS)).toSorted(byRecordAndCode),
    refused,
  };
}
