/**
 * `npm run bad-input -- --requests 100000 --seed 1`: good events and bad ones of every kind in every dialect, mixed by a
 * seed, through a whole Rollcall. Exits 1 when anything was answered otherwise than it should, anything good is not stored
 * once, anything bad is not counted once, or the gateway's memory goes on growing after the warm-up.
 *
 * `--warm-up` is how many requests are sent before that; without it, as many as after it. Compiling what is hot and
 * growing the heap to its working size takes Node about a hundred thousand.
 */
import { parseArgs } from 'node:util';
import { describeReport } from './report.ts';
import { runMix } from './run-mix.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    'warm-up': { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const requests = Number(values.requests);
const warmUp = Number(values['warm-up'] ?? values.requests);
console.log(`Sending ${warmUp} requests to warm up, then ${requests}; seed ${values.seed}.`);
const report = await runMix({ warmUp, requests, seed: Number(values.seed) });
console.log(describeReport(report));
const faults = [...report.account.wrong, ...report.disagreements, ...report.memoryFaults];
for (const fault of faults) console.error(`✗ ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
