/**
 * `npm run fault -- --runs 100 --seed 1`: a real stack under load, faults that a seed decides, and a ledger of every
 * acknowledged event after each. Exits 1 when anything was lost, is seen twice or stands somewhere in clear, or when a
 * recovery took longer than its outage.
 *
 * `--first 17` begins with run 17 as it always is with this seed; `--only 'kill sink'` injects that kind alone;
 * `--write` puts the table into docs/reliability.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { summary, surroundings, writePage } from './fault-page.ts';
import { kindRows } from './fault-report.ts';
import { runSeries } from './fault-series.ts';
import { startFaultStack, type FaultStack } from './fault-stack.ts';
import { endExtras } from './inject.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
    rate: { type: 'string', default: '2000' },
    events: { type: 'string', default: '10200' },
    write: { type: 'boolean', default: false },
  },
});
const options = {
  seed: Number(values.seed),
  first: Number(values.first),
  runs: Number(values.runs),
  only: values.only,
  eventsPerSecond: Number(values.rate),
  eventsPerRun: Number(values.events),
};

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-fault-'));
let faulted: FaultStack | undefined;
let stopping: Promise<void> | undefined;

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    endExtras();
    await faulted?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stopAll().then(() => process.exit(130)));
// whoever started this is gone
process.on('disconnect', () => void stopAll().then(() => process.exit(130)));
process.channel?.unref();

let code = 1;
try {
  console.log(`Starting Rollcall; seed ${options.seed}.`);
  faulted = await startFaultStack(dataDir);
  const where = await surroundings(faulted);
  const series = await runSeries(faulted, options);
  console.table(kindRows(series.results));
  console.log(`${summary(series)}\nSeed ${options.seed}; ${where}.`);
  for (const fault of series.faults) console.log(`✗ ${fault}`);
  if (values.write) writePage(series, options, where);
  code = series.faults.length === 0 ? 0 : 1;
} catch (fault) {
  if (stopping === undefined) console.error(fault);
}
await stopAll();
process.exit(code);
