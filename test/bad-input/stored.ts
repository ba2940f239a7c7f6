import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type AnalystAccess } from '../replay/analyst.ts';
import { storedIds } from '../fault/ledger.ts';
import type { Account } from './books.ts';

/** What does not agree between what was answered and what ClickHouse has; empty when all of it does. */
export type Disagreements = readonly string[];

/** Where a stack keeps its keys, and who asks it. */
export interface Place {
  readonly dataDir: string;
  readonly access: AnalystAccess;
}

/** The gateway writes what it refused once a second: what is too much may come after everything was there. */
const QUIET_MS = 2_500;
const POLL_MS = 500;

/** Waits for what is on its way, and compares: nothing may be missing, and nothing be there that was not to be kept. */
export async function compareWithStore(
  place: Place,
  account: Account,
  deadlineMs: number,
): Promise<Disagreements> {
  const until = performance.now() + deadlineMs;
  while ((await compareNow(place, account)).length > 0 && performance.now() < until)
    await sleep(POLL_MS);
  await sleep(QUIET_MS);
  return compareNow(place, account);
}

async function compareNow(
  { dataDir, access }: Place,
  { kept, samples, counted, ids }: Account,
): Promise<Disagreements> {
  return [
    ...differences('events of', kept, await sumsOf(access, EVENTS)),
    // each good event of a mix is of an installation of its own
    ...differences('installations of', kept, await sumsOf(access, INSTALLATIONS)),
    ...differences('samples', samples, await sumsOf(access, SAMPLES)),
    ...differences('counted', counted, await sumsOf(access, CODES)),
    ...(await wrongIds(dataDir, access, ids)),
  ];
}

const EVENTS = 'SELECT dialect AS key, count() AS n FROM rollcall.events FINAL GROUP BY key';
const INSTALLATIONS =
  'SELECT dialect AS key, uniqExact(installation) AS n FROM rollcall.events FINAL GROUP BY key';
const SAMPLES = `SELECT concat(labels['kind'], ' ', toString(value)) AS key, count() AS n
  FROM rollcall.metric_samples FINAL GROUP BY key`;
const CODES = `SELECT concat(project, ' ', code) AS key, sum(count) AS n
  FROM rollcall.rejections FINAL GROUP BY key`;

async function sumsOf(access: AnalystAccess, query: string): Promise<ReadonlyMap<string, number>> {
  const rows = await ask<{ key: string; n: number }>(access, query);
  return new Map(rows.map(({ key, n }) => [key, n]));
}

/** Keys of either side whose sums are not the same. */
function differences(
  what: string,
  expected: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
): readonly string[] {
  const keys = new Set([...expected.keys(), ...found.keys()]);
  return [...keys]
    .map((key) => ({ key, wanted: expected.get(key) ?? 0, there: found.get(key) ?? 0 }))
    .filter(({ wanted, there }) => wanted !== there)
    .map(({ key, wanted, there }) => `${what} ${key}: ${wanted} expected, ${there} found`);
}

async function wrongIds(
  dataDir: string,
  access: AnalystAccess,
  ids: Account['ids'],
): Promise<readonly string[]> {
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
