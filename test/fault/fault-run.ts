import { setTimeout as sleep } from 'node:timers/promises';
import { planRun, type Fault } from './fault-plan.ts';
import type { FaultStack } from './fault-stack.ts';
import { awaitHealthy } from './healthy.ts';
import { inject } from './inject.ts';
import { analystOf, storedIds } from './ledger.ts';
import { balanceRun, countStored, missing, type StoredIds, type Window } from './run-ledger.ts';
import { RunLoad, type LoadTally } from './run-load.ts';
import { seeded } from './seeded.ts';

/** What one run has shown. */
export interface RunResult {
  readonly run: number;
  readonly faults: readonly Fault[];
  readonly acknowledged: StoredIds;
  readonly window: Window;
  readonly tally: LoadTally;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly repeats: number;
  readonly ownRepeats: number;
  readonly outageS: number;
  readonly recoveryS: number;
  /** Recovery against outage, where an outage below a second counts as one. */
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
const POLL_MS = 100;
const LATER_MS = 3_600_000;
const STORED_WITHIN_MS = 60_000;
const LOADED_WITHIN_MS = 30_000;
/** Shorter outages are counted as this long. */
const OUTAGE_FLOOR_S = 1;

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

/** Runs load through the faults of one run and balances what was acknowledged in it. */
export async function runFaults(
  faulted: FaultStack,
  run: number,
  options: RunOptions,
): Promise<RunResult> {
  const { stack, dataDir } = faulted;
  const faults = planRun(options.seed, run, options.only);
  const gateways = new Set([stack.urlOf('gateway')]);
  const load = new RunLoad({
    gateways: () => [...gateways],
    kuskKey: stack.credentials.projects.kusk.write_key,
    random: seeded(options.seed, `load ${run}`),
    eventsPerSecond: options.eventsPerSecond,
  });
  const from = Date.now();
  load.start();
  await sleep(WARM_UP_MS);
  const injectedAt = performance.now();
  await Promise.all(
    faults.map(async (fault) => {
      await sleep(fault.afterMs);
      await inject({ faulted, load, gateways }, fault);
    }),
  );
  await awaitHealthy(faulted);
  const healedAt = performance.now();
  const owed = toStored(dataDir, load.tally.acknowledged);
  // a retry that comes later takes the place of the row before it, with a later time of receipt
  const soFar = { from, to: Date.now() + LATER_MS };
  const recovered = awaitStored(faulted, soFar, owed).then(() => performance.now());
  const enoughBy = healedAt + LOADED_WITHIN_MS;
  while (load.acknowledgedCount < options.eventsPerRun && performance.now() < enoughBy)
    await sleep(POLL_MS);
  await load.stop();
  const open = { from, to: Date.now() + LATER_MS };
  const acknowledged = toStored(dataDir, load.tally.acknowledged);
  const recoveryS = ((await recovered) - healedAt) / 1_000;
  await awaitStored(faulted, open, acknowledged);
  const { repeated } = load.tally;
  const repeatedIds = [...load.tally.acknowledged.keys()].map(
    (project) => [project, repeated] as const,
  );
  const balance = await balanceRun(analystOf(stack), open, {
    acknowledged,
    repeated: toStored(dataDir, repeatedIds),
  });
  // the next run begins only now
  const window = { from, to: Date.now() };
  const outageS = (healedAt - injectedAt) / 1_000;
  const ratio = recoveryS / Math.max(outageS, OUTAGE_FLOOR_S);
  return {
    ...{ run, faults, acknowledged, window, tally: load.tally },
    ...balance,
    ...{ outageS, recoveryS, ratio },
  };
}
