import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type AnalystAccess } from '../replay/analyst.ts';
import { storedIds } from '../fault/ledger.ts';
import type { MixResult } from './mix.ts';

/** What does not agree between what was answered and what ClickHouse has; empty when all of it does. */
export type Disagreements = readonly string[];

/** Waits for what is on its way, and compares. */
export async function compareWithStore(
  { dataDir, access }: { readonly dataDir: string; readonly access: AnalystAccess },
  result: MixResult,
  deadlineMs: number,
): Promise<Disagreements> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const found = [
      ...(await wrongCounts(access, result)),
      ...(await wrongCodes(access, result)),
      ...(await wrongIds(dataDir, access, result)),
    ];
    if (found.length === 0 || performance.now() > until) return found;
    await sleep(500);
  }
}

/** Every event that was to be kept is there once, and no other. */
async function wrongCounts(access: AnalystAccess, { kept }: MixResult): Promise<string[]> {
  const rows = await ask<{ dialect: string; n: string }>(
    access,
    'SELECT dialect, toString(count()) AS n FROM rollcall.events FINAL GROUP BY dialect',
    {},
  );
  const stored = new Map(rows.map(({ dialect, n }) => [dialect, Number(n)]));
  return [...kept]
    .filter(([dialect, count]) => stored.get(dialect) !== count)
    .map(([dialect, count]) => `${dialect}: ${count} to keep, ${stored.get(dialect) ?? 0} stored`);
}

/** A code is counted at least as often as it was expected: what is refused in an answer is counted as well. */
async function wrongCodes(access: AnalystAccess, { counted }: MixResult): Promise<string[]> {
  const rows = await ask<{ key: string; n: string }>(
    access,
    "SELECT project || ' ' || code AS key, toString(sum(count)) AS n FROM rollcall.rejections FINAL GROUP BY key",
    {},
  );
  const sums = new Map(rows.map(({ key, n }) => [key, Number(n)]));
  return [...counted]
    .filter(([key, count]) => (sums.get(key) ?? 0) < count)
    .map(([key, count]) => `${key}: ${count} expected, ${sums.get(key) ?? 0} counted`);
}

async function wrongIds(
  dataDir: string,
  access: AnalystAccess,
  { ids }: MixResult,
): Promise<string[]> {
  const found: string[] = [];
  for (const [project, wireIds] of ids) {
    const rows = await ask<{ event_id: string }>(
      access,
      'SELECT event_id FROM rollcall.events FINAL WHERE project = {project:String}',
      { project },
    );
    const stored = new Set(rows.map(({ event_id }) => event_id));
    const missing = storedIds(dataDir, project, wireIds).filter((id) => !stored.has(id));
    if (missing.length > 0) found.push(`${project}: ${missing.length} ids are missing`);
    if (stored.size !== rows.length) found.push(`${project}: an id is there twice`);
  }
  return found;
}
