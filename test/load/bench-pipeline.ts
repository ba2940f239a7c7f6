import { setTimeout as sleep } from 'node:timers/promises';
import type { RollcallStack } from '@rollcall/embedded';
import { ask } from '../replay/analyst.ts';
import { runLoad } from './bench-processes.ts';
import type { BenchRow } from './bench-report.ts';
import { cpuMicroseconds, residentMiB } from './process-usage.ts';
import { pidOf } from '../stack/pid-of.ts';

async function countEvents(rollcall: RollcallStack): Promise<number> {
  const access = {
    url: rollcall.backends.clickhouse.url,
    login: rollcall.credentials.clickhouse.analyst,
  };
  const [row] = await ask<{ events: number }>(
    access,
    'SELECT count() AS events FROM rollcall.events',
  );
  return row?.events ?? 0;
}

const PARTS = ['gateway', 'anonymizer', 'sink', 'kafka', 'clickhouse'] as const;
const EVENTS_PER_REQUEST = 100;
const DRAIN_LIMIT_MS = 120_000;

async function awaitRows(rollcall: RollcallStack, expected: number): Promise<void> {
  const until = performance.now() + DRAIN_LIMIT_MS;
  for (;;) {
    const stored = await countEvents(rollcall);
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
  rollcall: RollcallStack,
  { body, seconds }: { body: string; seconds: number },
): Promise<BenchRow[]> {
  process.stderr.write('  waiting for earlier events to be in …\n');
  const before = await settledRows(rollcall);
  process.stderr.write('  measuring the whole pipeline …\n');
  const cpuBefore = PARTS.map((part) => cpuMicroseconds(pidOf(rollcall.pids(), part)));
  const startedAt = performance.now();
  const result = await runLoad({
    port: Number(new URL(rollcall.urlOf('gateway')).port),
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
    cpuMicrosecondsPerEvent:
      (cpuMicroseconds(pidOf(rollcall.pids(), part)) - (cpuBefore[i] ?? 0)) / events,
    residentMiB: residentMiB(pidOf(rollcall.pids(), part)),
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
async function settledRows(rollcall: RollcallStack): Promise<number> {
  let last = -1;
  for (;;) {
    const now = await countEvents(rollcall);
    if (now === last) return now;
    last = now;
    await sleep(3_000);
  }
}
