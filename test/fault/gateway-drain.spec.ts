import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  endGateway,
  startKafkaAlone,
  startLoneGateway,
  statusOf,
  until,
  type KafkaAlone,
  type LoneGateway,
} from './lone-gateway.ts';
import { rawEventIds } from './raw-records.ts';
import { startStream } from './steady-stream.ts';

const STOP_LIMIT_MS = 10_000;
let alone: KafkaAlone;
const gateways: LoneGateway[] = [];

beforeAll(async () => {
  alone = await startKafkaAlone(3);
});
afterEach(() => Promise.all(gateways.splice(0).map((gateway) => endGateway(gateway, 'SIGKILL'))));
afterAll(() => alone.end());

async function start(settings: Readonly<Record<string, string>> = {}): Promise<LoneGateway> {
  const gateway = await startLoneGateway(alone.brokers, settings);
  gateways.push(gateway);
  await until(async () => (await statusOf(`${gateway.url}/health/ready`)) === 200, 60_000);
  return gateway;
}

async function lostOf(acknowledged: ReadonlySet<string>): Promise<string[]> {
  const stored = new Set(await rawEventIds(alone.brokers));
  return [...acknowledged].filter((id) => !stored.has(id));
}

test('stops within ten seconds under load, with everything that it answered in the topic', async () => {
  const gateway = await start();
  const stream = startStream({ gateways: [gateway.url], eventsPerSecond: 600 });
  await sleep(2_000);
  const ended = await endGateway(gateway, 'SIGTERM');
  const { acknowledged, others } = await stream.stop();
  console.log({ ...ended, acknowledged: acknowledged.size, others: [...others] });
  expect(ended.code).toBe(0);
  expect(ended.tookMs).toBeLessThan(STOP_LIMIT_MS);
  expect(acknowledged.size).toBeGreaterThan(500);
  // nobody was told to come again: few clients do
  expect(others.has(503)).toBe(false);
  expect(await lostOf(acknowledged)).toEqual([]);
});

test('stops as fast while Kafka hangs, and leaves what it answered to the next on its disk', async () => {
  const spool = { GATEWAY_SPOOL_DIR: mkdtempSync(join(alone.dataDir, 'spool-')) };
  const first = await start(spool);
  const stream = startStream({ gateways: [first.url], eventsPerSecond: 200 });
  await sleep(500);
  const broker = alone.kafka.process.pid ?? 0;
  process.kill(broker, 'SIGSTOP');
  await sleep(3_000);
  const ended = await endGateway(first, 'SIGTERM');
  const { acknowledged, others } = await stream.stop();
  process.kill(broker, 'SIGCONT');
  const second = await start(spool);
  await until(async () => {
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    return metrics.includes('gateway_spool_bytes 0\n');
  }, 30_000);
  console.log({ ...ended, acknowledged: acknowledged.size, others: [...others] });
  expect(ended.code).toBe(0);
  expect(ended.tookMs).toBeLessThan(STOP_LIMIT_MS);
  expect(await lostOf(acknowledged)).toEqual([]);
});
