import { ask, type AnalystAccess } from '../replay/analyst.ts';

/** Ids as they are stored, by project. */
export type StoredIds = ReadonlyMap<string, ReadonlySet<string>>;

/** Sixteen bytes per id, one after the other: a million of them are kept until the end. */
export type PackedIds = ReadonlyMap<string, Buffer>;

export function packIds(ids: StoredIds): PackedIds {
  return new Map(
    [...ids].map(([project, set]) => [
      project,
      Buffer.concat([...set].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'))),
    ]),
  );
}

function unpackIds(packed: PackedIds): StoredIds {
  return new Map(
    [...packed].map(([project, bytes]) => {
      const hex = bytes.toString('hex');
      const ids = Array.from({ length: bytes.length / 16 }, (_, index) => {
        const id = hex.slice(index * 32, index * 32 + 32);
        return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
      });
      return [project, new Set(ids)] as const;
    }),
  );
}

/** Times of the gateway between which all events of a run were received. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface RunBalance {
  /** Acknowledged and not stored. */
  readonly lost: readonly string[];
  /** Seen more than once by a query with FINAL. */
  readonly twice: readonly string[];
  /** Rows beyond one per id before FINAL. */
  readonly repeats: number;
  /** Those among them that the client had no part in: it sent the id once. */
  readonly ownRepeats: number;
}

interface IdRows {
  readonly project: string;
  readonly event_id: string;
  readonly rows: number;
}

const WITHIN = `received_at >= fromUnixTimestamp64Milli({from:Int64}) AND received_at <= fromUnixTimestamp64Milli({to:Int64})`;

function parameters({ from, to }: Window): Record<string, string> {
  return { from: String(from), to: String(to) };
}

async function rowsOf(
  access: AnalystAccess,
  window: Window,
  final: 'FINAL' | '',
): Promise<IdRows[]> {
  const query = `SELECT project, event_id, count() AS rows FROM rollcall.events ${final} WHERE ${WITHIN} GROUP BY project, event_id`;
  return ask<IdRows>(access, query, parameters(window));
}

/** @returns how many different events of a run are stored: what is cheap to ask while waiting. */
export async function countStored(access: AnalystAccess, window: Window): Promise<number> {
  const query = `SELECT uniqExact(project, event_id) AS events FROM rollcall.events WHERE ${WITHIN}`;
  const [row] = await ask<{ events: number }>(access, query, parameters(window));
  return row?.events ?? 0;
}

/** @returns the acknowledged events that no query sees yet. */
export async function missing(
  access: AnalystAccess,
  window: Window,
  ids: StoredIds,
): Promise<readonly string[]> {
  const seen = new Set((await rowsOf(access, window, '')).map(keyOf));
  return [...keysOf(ids)].filter((key) => !seen.has(key));
}

function keyOf({ project, event_id }: IdRows): string {
  return `${project} ${event_id}`;
}

function* keysOf(ids: StoredIds): Generator<string> {
  for (const [project, set] of ids) for (const id of set) yield `${project} ${id}`;
}

/** Balances what was acknowledged in a run against what is stored of it. */
export async function balanceRun(
  access: AnalystAccess,
  window: Window,
  { acknowledged, repeated }: { acknowledged: StoredIds; repeated: StoredIds },
): Promise<RunBalance> {
  const [final, all] = [await rowsOf(access, window, 'FINAL'), await rowsOf(access, window, '')];
  const seen = new Set(final.map(keyOf));
  const byClient = new Set(keysOf(repeated));
  const beyond = all.filter(({ rows }) => rows > 1);
  const sum = (rows: readonly IdRows[]): number => rows.reduce((n, row) => n + row.rows - 1, 0);
  return {
    lost: [...keysOf(acknowledged)].filter((key) => !seen.has(key)),
    twice: final.filter(({ rows }) => rows > 1).map(keyOf),
    repeats: sum(beyond),
    ownRepeats: sum(beyond.filter((row) => !byClient.has(keyOf(row)))),
  };
}

/** The balance of everything at the end: what was stored once must still be there, and still once. */
export async function balanceAll(
  access: AnalystAccess,
  runs: readonly { readonly window: Window; readonly packed: PackedIds }[],
): Promise<{ readonly lost: number; readonly twice: number }> {
  let lost = 0;
  for (const { window, packed } of runs) {
    const acknowledged = unpackIds(packed);
    const balance = await balanceRun(access, window, { acknowledged, repeated: new Map() });
    lost += balance.lost.length;
  }
  const [row] = await ask<{ twice: number }>(
    access,
    `SELECT count() AS twice FROM
      (SELECT project, event_id FROM rollcall.events FINAL GROUP BY project, event_id HAVING count() > 1)`,
  );
  return { lost, twice: row?.twice ?? 0 };
}

/** Where an event that went missing or is doubled is found: coordinates of its raw records, no content. */
export async function coordinatesOf(access: AnalystAccess, key: string): Promise<string> {
  const [project = '', id = ''] = key.split(' ');
  const rows = await ask<{ at: string }>(
    access,
    `SELECT concat(toString(raw_partition), '/', toString(raw_offset), ' line ', toString(raw_index)) AS at
      FROM rollcall.events WHERE project = {project:String} AND event_id = {id:UUID}`,
    { project, id },
  );
  return rows.length === 0 ? 'no row' : rows.map(({ at }) => at).join(', ');
}
