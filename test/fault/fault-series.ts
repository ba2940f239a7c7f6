import { findClearIdentifiers, type Finds } from './clear-identifiers.ts';
import { progressLine } from './fault-report.ts';
import { runFaults, type RunOptions, type RunResult } from './fault-run.ts';
import type { FaultStack } from './fault-stack.ts';
import { analystOf } from './ledger.ts';
import { balanceAll, coordinatesOf } from './run-ledger.ts';

export interface SeriesOptions extends RunOptions {
  readonly first: number;
  readonly runs: number;
}

/** What a series of runs has shown. */
export interface SeriesResult {
  readonly results: readonly RunResult[];
  /** Over all runs at once, after the last. */
  readonly end: { readonly lost: number; readonly twice: number };
  readonly finds: Finds;
  /** What is not as it must be, in words. Empty: all is. */
  readonly faults: readonly string[];
}

const SHOWN_IDS = 20;

/** What to type to have one run again. */
export function repeatCommand({ seed, only }: RunOptions, run: number): string {
  const kind = only === undefined ? '' : ` --only '${only}'`;
  return `npm run fault -- --runs 1 --first ${run} --seed ${seed}${kind}`;
}

async function tellFaults(
  { stack }: FaultStack,
  result: RunResult,
  options: RunOptions,
): Promise<void> {
  const ids = [...result.lost, ...result.twice];
  if (ids.length === 0 && result.ratio <= 1) return;
  for (const id of ids.slice(0, SHOWN_IDS))
    console.log(`  ${id}: ${await coordinatesOf(analystOf(stack), id)}`);
  console.log(`  To repeat it: ${repeatCommand(options, result.run)}`);
}

function faultsOf({
  results,
  end,
  finds,
}: Pick<SeriesResult, 'results' | 'end' | 'finds'>): string[] {
  const sum = (count: (result: RunResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const slow = results.filter(({ ratio }) => ratio > 1).map(({ run }) => run);
  const counts: readonly [string, number][] = [
    ['lost after a run', sum(({ lost }) => lost.length)],
    ['twice after a run', sum(({ twice }) => twice.length)],
    ['lost at the end', end.lost],
    ['twice at the end', end.twice],
    ['good events refused or bad ones kept', sum(({ misjudged }) => misjudged)],
    ['clear identifiers found', Object.values(finds.leaks).reduce((a, b) => a + b, 0)],
  ];
  return [
    ...counts.filter(([, count]) => count > 0).map(([what, count]) => `${what}: ${count}`),
    ...(finds.inRaw === 0 ? ['the search found nothing in the raw topic either'] : []),
    ...(slow.length > 0 ? [`recovery longer than the outage in run ${slow.join(', ')}`] : []),
  ];
}

/** Runs one after the other on the same stack, then everything once more: the whole ledger, and the search for clear identifiers. */
export async function runSeries(
  faulted: FaultStack,
  options: SeriesOptions,
): Promise<SeriesResult> {
  const results: RunResult[] = [];
  for (let run = options.first; run < options.first + options.runs; run += 1) {
    const result = await runFaults(faulted, run, options).catch((fault: unknown) => {
      console.log(`run ${run} broke off. To repeat it: ${repeatCommand(options, run)}`);
      throw fault;
    });
    results.push(result);
    console.log(progressLine(result));
    await tellFaults(faulted, result, options);
  }
  const end = await balanceAll(analystOf(faulted.stack), results);
  const finds = await findClearIdentifiers(faulted);
  return { results, end, finds, faults: faultsOf({ results, end, finds }) };
}
