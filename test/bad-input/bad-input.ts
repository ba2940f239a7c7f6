/**
 * `npm run bad-input -- --requests 100000 --seed 1`: good events and bad ones of every kind in every dialect, mixed by a
 * seed, through a whole Rollcall. Exits 1 when anything was answered otherwise than it should, anything good is not stored
 * once, or the gateway's memory goes on growing.
 */
import { parseArgs } from 'node:util';
import { describeReport, runMix } from './run-mix.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
console.log(`Sending ${values.requests} requests; seed ${values.seed}.`);
const report = await runMix(Number(values.requests), Number(values.seed));
console.log(describeReport(report));
/** The gateway warms up during the first half; in the second its memory may not grow by more than a fifth. */
const [half = 0, end = 0] = [report.residentMiB.at(4), report.residentMiB.at(-1)];
const growth = end > half * 1.2 ? [`memory grew from ${half} to ${end} MiB`] : [];
const faults = [...report.result.wrong, ...report.disagreements, ...growth];
for (const fault of faults) console.error(`✗ ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
