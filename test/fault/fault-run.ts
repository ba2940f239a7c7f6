import { setTimeout as sleep } from 'node:timers/promises';
import { planRun, type Fault } from './fault-plan.ts';
import type { FaultStack } from './fault-stack.ts';
import { awaitHealthy } from './healthy.ts';
import { inject, type Scene } from './inject.ts';
import { analystOf, storedIds } from './ledger.ts';
import {
  balanceRun,
  countStored,
  missing,
  packIds,
  type PackedIds,
  type RunBalance,
  type StoredIds,
  type Window,
} from './run-ledger.ts';
import { RunLoad, type LoadTally } from './run-load.ts';
import { seeded } from './seeded.ts';

/** What one run has shown. */
export interface RunResult extends RunBalance {
  readonly run: number;
  readonly faults: readonly Fault[];
  readonly acknowledged: number;
  readonly packed: PackedIds;
  readonly window: Window;
  /** Bad events that were answered with a code. */
  readonly rejected: number;
  /** Events that were refused though good, or kept though bad. */
  readonly misjudged: number;
  readonly statuses: LoadTally['statuses'];
  readonly outageS: number;
  readonly recoveryS: number;
  /** How long the way from an answer to a row took at most before anything was wrong, in this run. */
  readonly wayS: number;
  /** What recovery took beyond the way, against the outage; one that is shorter than the way counts as long as that. */
  readonly ratio: number;
}

export interface RunOptions {
  readonly seed: number;
  readonly only: string | undefined;
  readonly eventsPerSecond: number;
  /** A run goes on until so many events are acknowledged. */
  readonly eventsPerRun: number;
}

const WARM_UP_MS = 500;
/** The way is timed from so many moments, so far apart: it depends on what is being inserted and counted just then. */
const WAY_PROBES = 5;
const PROBE_EVERY_MS = 250;
/** What takes longer is not the way when nothing is wrong, but a start that is not over. */
const LONGEST_WAY_S = 2;
const POLL_MS = 100;
const LATER_MS = 3_600_000;
/** Whatever is injected; a process that never comes back must not hold the runs up. */
const HEALED_WITHIN_MS = 180_000;
const STORED_WITHIN_MS = 60_000;
const LOADED_WITHIN_MS = 30_000;

function toStored(
  dataDir: string,
  byProject: Iterable<readonly [string, Iterable<string>]>,
): StoredIds {
  return new Map(
    [...byProject].map(([project, ids]) => [project, new Set(storedIds(dataDir, project, ids))]),
  );
}

function countOf(ids: StoredIds): number {
  return [...ids.values()].reduce((sum, set) => sum + set.size, 0);
}

/** A retry that comes later takes the place of the row before it, with a later time of receipt. */
function openWindow(from: number): Window {
  return { from, to: Date.now() + LATER_MS };
}

/** Waits until every one of these events is queryable. */
async function awaitStored({ stack }: FaultStack, window: Window, ids: StoredIds): Promise<void> {
  const access = analystOf(stack);
  const until = performance.now() + STORED_WITHIN_MS;
  const count = countOf(ids);
  while (performance.now() < until) {
    const isEnough = (await countStored(access, window)) >= count;
    if (isEnough && (await missing(access, window, ids)).length === 0) return;
    await sleep(POLL_MS);
  }
}

/** All faults of a run. @returns seconds from the first harm until everything is well again. */
async function breakAndHeal(
  unharmed: Omit<Scene, 'harmed'>,
  faults: readonly Fault[],
): Promise<number> {
  let harmedAt = Number.POSITIVE_INFINITY;
  const harmed = (): void => {
    harmedAt = Math.min(harmedAt, performance.now());
  };
  const scene = { ...unharmed, harmed };
  const healed = Promise.all(
    faults.map(async (fault) => {
      await sleep(fault.afterMs);
      await inject(scene, fault);
    }),
  ).then(() => awaitHealthy(scene.faulted));
  const tooLong = sleep(HEALED_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`not everything is well ${HEALED_WITHIN_MS / 1_000} s after the first fault`);
  });
  await Promise.race([healed, tooLong]);
  return (performance.now() - harmedAt) / 1_000;
}

/** @returns seconds until everything that is acknowledged by now is queryable, while more is sent. */
async function timeStored({ faulted, load }: Omit<Scene, 'harmed'>, from: number): Promise<number> {
  const startedAt = performance.now();
  const owed = toStored(faulted.dataDir, load.tally.acknowledged);
  await awaitStored(faulted, openWindow(from), owed);
  return (performance.now() - startedAt) / 1_000;
}

/** The longest of several ways, each from a moment of its own, before the first fault. @returns seconds. */
async function timeWay(scene: Omit<Scene, 'harmed'>, from: number): Promise<number> {
  const probes = Array.from({ length: WAY_PROBES }, async (_, index) => {
    await sleep(index * PROBE_EVERY_MS);
    return timeStored(scene, from);
  });
  return Math.min(Math.max(...(await Promise.all(probes))), LONGEST_WAY_S);
}

/** Waits for what was acknowledged until now, while more is sent. @returns how long that took. */
async function recover(
  scene: Omit<Scene, 'harmed'>,
  from: number,
  eventsPerRun: number,
): Promise<number> {
  const { load } = scene;
  const healedAt = performance.now();
  const recovered = timeStored(scene, from);
  const enoughBy = healedAt + LOADED_WITHIN_MS;
  while (load.acknowledgedCount < eventsPerRun && performance.now() < enoughBy)
    await sleep(POLL_MS);
  await load.stop();
  return recovered;
}

async function balance({ faulted, load }: Omit<Scene, 'harmed'>, from: number): Promise<Balanced> {
  const { dataDir, stack } = faulted;
  const { acknowledged, repeated, rejected, misjudged, statuses } = load.tally;
  const ids = toStored(dataDir, acknowledged);
  const again = [...acknowledged.keys()].map((project) => [project, repeated] as const);
  await awaitStored(faulted, openWindow(from), ids);
  const sent = { acknowledged: ids, repeated: toStored(dataDir, again) };
  const balanced = await balanceRun(analystOf(stack), openWindow(from), sent);
  return {
    ...balanced,
    acknowledged: countOf(ids),
    packed: packIds(ids),
    rejected: [...rejected.values()].reduce((sum, count) => sum + count, 0),
    misjudged,
    statuses,
  };
}

type Balanced = Omit<
  RunResult,
  'run' | 'faults' | 'window' | 'outageS' | 'recoveryS' | 'wayS' | 'ratio'
>;

/** Runs load through the faults of one run and balances what was acknowledged in it. */
export async function runFaults(
  faulted: FaultStack,
  run: number,
  options: RunOptions,
): Promise<RunResult> {
  const { stack } = faulted;
  const faults = planRun(options.seed, run, options.only);
  const gateways = new Set([stack.urlOf('gateway')]);
  const load = new RunLoad({
    gateways: () => [...gateways],
    kuskKey: stack.credentials.projects.kusk.write_key,
    random: seeded(options.seed, `load ${run}`),
    eventsPerSecond: options.eventsPerSecond,
  });
  const scene = { faulted, load, gateways };
  const from = Date.now();
  load.start();
  try {
    await sleep(WARM_UP_MS);
    const wayS = await timeWay(scene, from);
    const outageS = await breakAndHeal(scene, faults);
    const recoveryS = await recover(scene, from, options.eventsPerRun);
    const balanced = await balance(scene, from);
    const ratio = Math.max(0, recoveryS - wayS) / Math.max(outageS, wayS);
    // the next run begins only now
    const window = { from, to: Date.now() };
    return { run, faults, window, ...balanced, outageS, recoveryS, wayS, ratio };
  } finally {
    await load.stop();
  }
}
