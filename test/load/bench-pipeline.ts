import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningRollcall } from '@rollcall/embedded';
import { runLoad } from './bench-processes.ts';
import type { BenchRow } from './bench-report.ts';
import { cpuMicroseconds, residentMiB } from './process-usage.ts';

const PARTS = ['gateway', 'anonymizer', 'sink', 'kafka', 'clickhouse'] as const;
const EVENTS_PER_REQUEST = 100;
const DRAIN_LIMIT_MS = 120_000;

async function awaitRows(rollcall: RunningRollcall, expected: number): Promise<void> {
  const until = performance.now() + DRAIN_LIMIT_MS;
  for (;;) {
    const stored = await rollcall.countRows('events');
    if (stored >= expected) return;
    if (performance.now() > until)
      throw new Error(`only ${stored} of ${expected} events arrived in time`);
    await sleep(50);
  }
}

/**
 * From POST to a row in ClickHouse, everything on this machine, the load client too. Time runs until the last event
 * is in, so a growing lag counts against the figure.
 */
export async function measurePipeline(
  rollcall: RunningRollcall,
  { body, seconds }: { body: string; seconds: number },
): Promise<BenchRow[]> {
  process.stderr.write('  waiting for earlier events to be in …\n');
  const before = await settledRows(rollcall);
  process.stderr.write('  measuring the whole pipeline …\n');
  const cpuBefore = PARTS.map((part) => cpuMicroseconds(rollcall.pidOf(part)));
  const startedAt = performance.now();
  const result = await runLoad({
    port: rollcall.ports.gateway,
    path: '/p/kamaji/events',
    body,
    connections: 8,
    seconds,
  });
  const events = (result.statuses['200'] ?? 0) * EVENTS_PER_REQUEST;
  const sentSeconds = (performance.now() - startedAt) / 1_000;
  await awaitRows(rollcall, before + events);
  const elapsed = (performance.now() - startedAt) / 1_000;
  const parts = PARTS.map((part, i) => ({
    name: `  of which ${part}`,
    cpuMicrosecondsPerEvent: (cpuMicroseconds(rollcall.pidOf(part)) - (cpuBefore[i] ?? 0)) / events,
    residentMiB: residentMiB(rollcall.pidOf(part)),
  }));
  const total: BenchRow = {
    name: `Rollcall pipeline, POST to ClickHouse, batches of 100 (${Math.round(events)} events, drained ${(elapsed - sentSeconds).toFixed(1)} s after the last)`,
    eventsPerSecond: events / elapsed,
    cpuMicrosecondsPerEvent: parts.reduce((sum, part) => sum + part.cpuMicrosecondsPerEvent, 0),
    residentMiB: parts.reduce((sum, part) => sum + part.residentMiB, 0),
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
  };
  return [total, ...parts];
}

/** Rows once no more arrive: the gateway's own measurements are still on their way. */
async function settledRows(rollcall: RunningRollcall): Promise<number> {
  let last = -1;
  for (;;) {
    const now = await rollcall.countRows('events');
    if (now === last) return now;
    last = now;
    await sleep(3_000);
  }
}
