/**
 * `npm run bench`: what Rollcall costs, beside what the bare runtime costs on the same machine in the same minutes.
 * Writes the table and `docs/benchmarks.json`; exits 1 when a floor is missed.
 *
 * Fair because: same machine, same body bytes, same load client in a process of its own, runs one after the other;
 * CPU time is read from /proc per process, so the client's own cost is in no figure but wall time.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { startBaseline, runLoad, type Baseline } from './bench-processes.ts';
import { benchBodies } from './bench-bodies.ts';
import { checkFloors, printTable, type BenchRow } from './bench-report.ts';
import { measurePipeline } from './bench-pipeline.ts';
import { cpuMicroseconds, residentMiB } from './process-usage.ts';

const SECONDS = Number(process.argv[2] ?? 6);
const WARM_UP_SECONDS = 5;
const CONNECTIONS = 64;

interface Target {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly pid: number;
  readonly body: string;
  readonly eventsPerRequest: number;
}

async function measure(target: Target): Promise<BenchRow> {
  process.stderr.write(`  measuring ${target.name} …\n`);
  const load = {
    port: target.port,
    path: target.path,
    body: target.body,
    connections: CONNECTIONS,
  };
  // long enough for the compiler: a service runs for weeks, the first seconds of one are not what it costs
  await runLoad({ ...load, seconds: WARM_UP_SECONDS });
  const cpuBefore = cpuMicroseconds(target.pid);
  const result = await runLoad({ ...load, seconds: SECONDS });
  const requests = result.statuses['200'] ?? 0;
  const failed = Object.entries(result.statuses).filter(([status]) => status !== '200');
  if (failed.length > 0 || result.errors > 0 || requests === 0)
    throw new Error(
      `${target.name}: not every request was answered 200: ${JSON.stringify(result)}`,
    );
  const events = requests * target.eventsPerRequest;
  return {
    name: target.name,
    eventsPerSecond: events / result.seconds,
    cpuMicrosecondsPerEvent: (cpuMicroseconds(target.pid) - cpuBefore) / events,
    residentMiB: residentMiB(target.pid),
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
  };
}

async function measureBaselines(bodies: ReturnType<typeof benchBodies>): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const baselines: readonly [string, string][] = [
    ['bare node:http', 'baseline-http.ts'],
    ['bare Nest on Fastify', 'baseline-nest.mjs'],
  ];
  for (const [name, script] of baselines) {
    const baseline: Baseline = await startBaseline(script);
    const at = { port: baseline.port, pid: baseline.pid, path: '/events' };
    try {
      rows.push(
        await measure({
          ...at,
          name: `${name}, single 1 KB`,
          body: bodies.single,
          eventsPerRequest: 1,
        }),
      );
      rows.push(
        await measure({
          ...at,
          name: `${name}, batch of 100`,
          body: bodies.batch,
          eventsPerRequest: 100,
        }),
      );
    } finally {
      await baseline.stop();
    }
  }
  return rows;
}

/**
 * The gateway with the broker beside it and its consumers stopped: they have machines of their own where it matters,
 * and the baselines have no consumers either. The pipeline is measured with everything aboard.
 */
async function measureGateway(
  rollcall: RollcallStack,
  bodies: ReturnType<typeof benchBodies>,
): Promise<BenchRow[]> {
  const at = {
    port: Number(new URL(rollcall.urlOf('gateway')).port),
    pid: rollcall.pids()['gateway'] ?? 0,
    path: '/p/kamaji/events',
  };
  const consumers = ['sink', 'anonymizer'] as const;
  for (const name of consumers) await rollcall.process(name).stop();
  const rows = [
    await measure({
      ...at,
      name: 'Rollcall gateway, durable, single 1 KB',
      body: bodies.single,
      eventsPerRequest: 1,
    }),
    await measure({
      ...at,
      name: 'Rollcall gateway, durable, batch of 100',
      body: bodies.batch,
      eventsPerRequest: 100,
    }),
  ];
  for (const name of consumers) await rollcall.process(name).start();
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
let rollcall: RollcallStack | undefined;
try {
  const bodies = benchBodies(folder);
  const rows = await measureBaselines(bodies);
  process.stderr.write('  starting Rollcall …\n');
  // one key sends all of it here: its limit would be measured and not the gateway
  const gateway = { GATEWAY_RATE_KEY_PER_SECOND: '0' };
  rollcall = await startRollcall({ serviceEnvironment: { gateway } });
  rows.push(...(await measureGateway(rollcall, bodies)));
  const pipeline = await measurePipeline(rollcall, { body: bodies.batch, seconds: SECONDS * 2 });
  rows.push(...pipeline);
  printTable(rows);
  const floors = checkFloors(rows);
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    date: new Date().toISOString(),
  };
  const report = {
    command: 'npm run bench',
    machine,
    seconds: SECONDS,
    connections: CONNECTIONS,
    rows,
    floors,
  };
  writeFileSync(
    new URL('../../docs/benchmarks.json', import.meta.url),
    `${JSON.stringify(report, null, 2)}\n`,
  );
  process.exitCode = floors.every(({ isMet }) => isMet) ? 0 : 1;
} finally {
  await rollcall?.stop();
  rmSync(folder, { recursive: true, force: true });
}
