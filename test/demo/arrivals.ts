import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type AnalystAccess } from '../replay/analyst.ts';

/** What a dry run says would be stored, as far as it can be recognised later: without key, ids and times. */
export type Row = Readonly<Record<string, unknown>>;

const EVENT_COLUMNS = [
  'project',
  'dialect',
  'event',
  'app_version',
  'kubernetes_version',
  'os',
  'arch',
  'provider',
];
const WAIT_LIMIT_MS = 30_000;
const POLL_MS = 100;

/** A pseudonym: the dry run made it with a key that is gone. */
const PSEUDONYM = /^[0-9a-f]{32}$/;

/** A value with sorted keys, pseudonyms alike, and without what ClickHouse's JSON does not keep: nulls, empty objects and lists. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(canonical);
  if (typeof value === 'string') return PSEUDONYM.test(value) ? '<pseudonym>' : value;
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, canonical(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => a.localeCompare(b));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** What two rows have in common when one is the dry run of the other. */
function signatureOf(row: Row): string {
  if ('value' in row)
    return JSON.stringify([row['project'], row['name'], canonical(row['labels']), row['value']]);
  return JSON.stringify([EVENT_COLUMNS.map((column) => row[column]), canonical(row['properties'])]);
}

async function storedSince(access: AnalystAccess, since: string): Promise<Row[]> {
  const from = (table: string): Promise<Row[]> =>
    ask<Row>(
      access,
      `SELECT * FROM rollcall.${table} FINAL WHERE received_at >= {since:DateTime64(3)}`,
      { since },
    );
  return [...(await from('events')), ...(await from('metric_samples'))];
}

/** Those of the expected rows that are not among the stored ones; each stored row stands for one. */
function missingOf(expected: readonly Row[], stored: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const signature of stored.map(signatureOf))
    counts.set(signature, (counts.get(signature) ?? 0) + 1);
  return expected.filter((row) => {
    const signature = signatureOf(row);
    const count = counts.get(signature) ?? 0;
    counts.set(signature, count - 1);
    return count <= 0;
  });
}

/** Waits until every expected row is in ClickHouse. @returns those that did not come, and how long it took. */
export async function awaitArrival(
  access: AnalystAccess,
  expected: readonly Row[],
  since: string,
): Promise<{ readonly missing: readonly Row[]; readonly elapsedMs: number }> {
  const startedAt = performance.now();
  for (;;) {
    const missing = missingOf(expected, await storedSince(access, since));
    const elapsedMs = performance.now() - startedAt;
    if (missing.length === 0 || elapsedMs > WAIT_LIMIT_MS) return { missing, elapsedMs };
    await sleep(POLL_MS);
  }
}
