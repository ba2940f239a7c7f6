import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STOP_ORDER, startRollcall, type RollcallStack } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analystOf, awaitReady, balance } from './ledger.ts';
import { startStream } from './steady-stream.ts';
import { pidOf } from '../stack/pid-of.ts';

const SERVICES = ['gateway', 'anonymizer', 'sink'] as const;
const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-kill-'));
let stack: RollcallStack;

beforeAll(async () => {
  stack = await startRollcall({ dataDir });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function recoveredMs(): Promise<number> {
  const times = await Promise.all(SERVICES.map((name) => awaitReady(stack.urlOf(name), 60_000)));
  return Math.max(...times);
}

test('loses nothing that was answered 200 when each of the five processes is killed, and is ready again by itself', async () => {
  const stream = startStream({ gateways: [stack.urlOf('gateway')], eventsPerSecond: 200 });
  const report: Record<string, unknown>[] = [];
  // the console is no part of the flow, and is not started here
  for (const name of STOP_ORDER.filter((each) => each !== 'console')) {
    await sleep(1_500);
    const pid = pidOf(stack.pids(), name);
    process.kill(pid, 'SIGKILL');
    // readiness of a moment before the kill must not count
    await sleep(1_000);
    const readyAfterMs = 1_000 + (await recoveredMs());
    expect(stack.pids()[name]).not.toBe(pid);
    report.push({ killed: name, 'ready again after ms': Math.round(readyAfterMs) });
  }
  await sleep(1_500);
  const { acknowledged, others } = await stream.stop();
  const result = await balance(
    { dataDir, access: analystOf(stack) },
    'kamaji',
    acknowledged,
    60_000,
  );
  console.table(report);
  console.log({ ...result, 'other answers': Object.fromEntries(others) });
  expect(result).toMatchObject({ lost: 0, twice: 0 });
  expect(result.acknowledged).toBeGreaterThan(1_000);
});
