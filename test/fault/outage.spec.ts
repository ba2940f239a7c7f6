import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analystOf, awaitReady, balance } from './ledger.ts';
import { startStream } from './steady-stream.ts';

/** The gateway's default limit for an acknowledgement, and what a busy machine adds. */
const ANSWER_LIMIT_MS = 4_000 + 2_000;
const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-outage-'));
let stack: RollcallStack;

beforeAll(async () => {
  stack = await startRollcall({ dataDir });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function postStats(): Promise<{ status: number; retryAfter: string | null; tookMs: number }> {
  const startedAt = performance.now();
  const body =
    '{"uuid":"outage","kamaji_version":"v1.0.0","kubernetes_version":"v1.33.1","running":1}';
  const response = await fetch(`${stack.urlOf('gateway')}/p/kamaji/stats`, {
    method: 'POST',
    body,
  });
  await response.arrayBuffer();
  const tookMs = performance.now() - startedAt;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), tookMs };
}

test('answers 503 with Retry-After in time while Kafka is stopped, and 200 again when it is back', async () => {
  expect(await postStats()).toMatchObject({ status: 200 });
  await stack.process('kafka').stop();
  const answer = await postStats();
  console.log('with Kafka stopped:', answer);
  expect(answer.status).toBe(503);
  expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  expect(answer.tookMs).toBeLessThan(ANSWER_LIMIT_MS);
  await stack.process('kafka').start();
  const backAfterMs = await awaitReady(stack.urlOf('gateway'), 60_000);
  console.log('ready again after', Math.round(backAfterMs), 'ms');
  expect(await postStats()).toMatchObject({ status: 200 });
});

test('loses nothing while ClickHouse is stopped, and works the lag off when it is back', async () => {
  const stream = startStream({ gateways: [stack.urlOf('gateway')], eventsPerSecond: 200 });
  await sleep(1_000);
  await stack.process('clickhouse').stop();
  await sleep(8_000);
  const { acknowledged, others } = await stream.stop();
  await stack.process('clickhouse').start();
  const startedAt = performance.now();
  const result = await balance(
    { dataDir, access: analystOf(stack) },
    'kamaji',
    acknowledged,
    60_000,
  );
  console.log({ ...result, 'caught up after ms': Math.round(performance.now() - startedAt) });
  expect(others.size).toBe(0);
  expect(result).toMatchObject({ lost: 0, twice: 0 });
});
