/**
 * `npm run fault -- --runs 100 --seed 1`: a real stack under load, faults that a seed decides, and a ledger of every
 * acknowledged event after each. Exits 1 when anything was lost or is seen twice, or took longer to recover than the
 * outage lasted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kindRows, progressLine } from './fault-report.ts';
import { runFaults, type RunResult } from './fault-run.ts';
import { startFaultStack } from './fault-stack.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
    rate: { type: 'string', default: '2000' },
    events: { type: 'string', default: '10200' },
  },
});
const options = {
  seed: Number(values.seed),
  only: values.only,
  eventsPerSecond: Number(values.rate),
  eventsPerRun: Number(values.events),
};

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-fault-'));
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true));

console.log(`Starting Rollcall; seed ${options.seed}.`);
const faulted = await startFaultStack(dataDir);
const results: RunResult[] = [];
try {
  const first = Number(values.first);
  for (let run = first; run < first + Number(values.runs) && !isStopped; run += 1) {
    const result = await runFaults(faulted, run, options);
    results.push(result);
    console.log(progressLine(result));
    for (const id of [...result.lost, ...result.twice].slice(0, 20)) console.log(`  ${id}`);
  }
  console.table(kindRows(results));
  const isGood = results.every(
    ({ lost, twice, ratio }) => lost.length === 0 && twice.length === 0 && ratio <= 1,
  );
  process.exitCode = isGood ? 0 : 1;
} finally {
  await faulted.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
