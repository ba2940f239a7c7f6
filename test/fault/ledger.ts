import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RollcallStack } from '@rollcall/embedded';
import { createPseudonymKey, eventIdFor } from '@rollcall/privacy';
import { ask, type AnalystAccess } from '../replay/analyst.ts';

/** What became of the events that were answered 200. */
export interface Balance {
  readonly acknowledged: number;
  /** Acknowledged and not in ClickHouse. */
  readonly lost: number;
  /** Ids of which a query with FINAL sees more than one row. */
  readonly twice: number;
  /** Rows beyond one per id before FINAL: repeats that merge away. */
  readonly repeats: number;
}

interface Keyring {
  readonly projects: Readonly<Record<string, { readonly event_id_key: string }>>;
}

const POLL_MS = 250;

/** As the analyst of a stack. */
export function analystOf(stack: RollcallStack): AnalystAccess {
  return { url: stack.backends.clickhouse.url, login: stack.credentials.clickhouse.analyst };
}

/** The ids under which events of a project are stored: the same keyed hash that the anonymizer makes. */
export function storedIds(dataDir: string, project: string, wireIds: Iterable<string>): string[] {
  const keyring = JSON.parse(readFileSync(join(dataDir, 'keyring.json'), 'utf8')) as Keyring;
  const bytes = Buffer.from(keyring.projects[project]?.event_id_key ?? '', 'base64');
  const key = createPseudonymKey(bytes, 0);
  return [...wireIds].map((id) => eventIdFor(key, id));
}

async function idsIn(
  access: AnalystAccess,
  project: string,
  final: 'FINAL' | '',
): Promise<string[]> {
  const rows = await ask<{ event_id: string }>(
    access,
    `SELECT event_id FROM rollcall.events ${final} WHERE project = {project:String}`,
    { project },
  );
  return rows.map(({ event_id }) => event_id);
}

async function balanceNow(
  access: AnalystAccess,
  project: string,
  ids: readonly string[],
): Promise<Balance> {
  const stored = await idsIn(access, project, 'FINAL');
  const all = await idsIn(access, project, '');
  const unique = new Set(stored);
  return {
    acknowledged: ids.length,
    lost: ids.filter((id) => !unique.has(id)).length,
    twice: stored.length - unique.size,
    repeats: all.length - new Set(all).size,
  };
}

/**
 * Balances acknowledged events against ClickHouse, waiting up to `deadlineMs` for the last to arrive.
 *
 * @param place the stack's directory, which holds the key of event ids, and who asks.
 */
export async function balance(
  place: { readonly dataDir: string; readonly access: AnalystAccess },
  project: string,
  wireIds: Iterable<string>,
  deadlineMs: number,
): Promise<Balance> {
  const ids = storedIds(place.dataDir, project, wireIds);
  const until = performance.now() + deadlineMs;
  for (;;) {
    const now = await balanceNow(place.access, project, ids);
    if (now.lost === 0 || performance.now() > until) return now;
    await sleep(POLL_MS);
  }
}

/** What a service says of its readiness; undefined when it is ready. */
async function whyNotReady(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? undefined : await answer.text();
  } catch (fault) {
    return String(fault);
  }
}

/** Waits until a service says it is ready. @returns how long that took. */
export async function awaitReady(url: string, deadlineMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const reason = await whyNotReady(url);
    const elapsedMs = performance.now() - startedAt;
    if (reason === undefined) return elapsedMs;
    if (elapsedMs > deadlineMs)
      throw new Error(`${url} is not ready after ${Math.round(elapsedMs)} ms: ${reason}`);
    await sleep(POLL_MS);
  }
}
