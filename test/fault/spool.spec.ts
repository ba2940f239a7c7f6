import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
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

let alone: KafkaAlone;
const gateways: LoneGateway[] = [];

beforeAll(async () => {
  // one partition: the order of the topic is the order of the records
  alone = await startKafkaAlone(1);
});
afterEach(() => Promise.all(gateways.splice(0).map((gateway) => endGateway(gateway, 'SIGKILL'))));
afterAll(() => alone.end());

async function start(settings: Readonly<Record<string, string>>): Promise<LoneGateway> {
  const gateway = await startLoneGateway(alone.brokers, settings);
  gateways.push(gateway);
  return gateway;
}

const newSpool = (): string => mkdtempSync(join(alone.dataDir, 'spool-'));

async function post({ url }: LoneGateway, eventId: string): Promise<Response> {
  const body = JSON.stringify({ event: 'stats', event_id: eventId, installation_id: 'i' });
  const answer = await fetch(`${url}/p/kamaji/events`, { method: 'POST', body });
  await answer.arrayBuffer();
  return answer;
}

/** One after the other, so that their order is known. */
async function postAll(
  gateway: LoneGateway,
  { name, count }: { name: string; count: number },
): Promise<{ ids: string[]; slowestMs: number }> {
  const ids: string[] = [];
  let slowestMs = 0;
  for (let i = 0; i < count; i += 1) {
    const startedAt = performance.now();
    const id = `${name}-${i}`;
    expect((await post(gateway, id)).status).toBe(200);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    ids.push(id);
  }
  return { ids, slowestMs: Math.round(slowestMs) };
}

async function spoolBytes({ url }: LoneGateway): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^gateway_spool_bytes (\d+)$/m.exec(text)?.[1]);
}

async function awaitReplayed(gateway: LoneGateway): Promise<number> {
  const startedAt = performance.now();
  await until(async () => (await spoolBytes(gateway)) === 0, 60_000);
  return Math.round(performance.now() - startedAt);
}

/** Events of the topic whose id starts so, the first time each is there. */
async function inTopic(name: string): Promise<string[]> {
  const ids = (await rawEventIds(alone.brokers)).filter((id) => id.startsWith(`${name}-`));
  return [...new Set(ids)];
}

test('answers 200 while Kafka is stopped, and has everything in the topic, in order, when it is back', async () => {
  const gateway = await start({ GATEWAY_SPOOL_DIR: newSpool() });
  await until(async () => (await statusOf(`${gateway.url}/health/ready`)) === 200, 30_000);
  const before = await postAll(gateway, { name: 'outage-a', count: 20 });
  await alone.kafka.process.stop();
  const during = await postAll(gateway, { name: 'outage-b', count: 300 });
  const health = await fetch(`${gateway.url}/health/ready`);
  expect(health.status).toBe(200);
  expect(await health.text()).toContain('spooling');
  const bytes = await spoolBytes(gateway);
  expect(bytes).toBeGreaterThan(0);
  await alone.kafka.process.start();
  const replayedAfterMs = await awaitReplayed(gateway);
  const after = await postAll(gateway, { name: 'outage-c', count: 20 });
  console.log({ bytes, slowestMs: during.slowestMs, replayedAfterMs });
  expect(await inTopic('outage')).toEqual([...before.ids, ...during.ids, ...after.ids]);
});

test('loses nothing of what it answered when it is killed while Kafka is stopped', async () => {
  const dir = newSpool();
  await alone.kafka.process.stop();
  const first = await start({ GATEWAY_SPOOL_DIR: dir });
  const acknowledged: string[] = [];
  let isKilled = false;
  const senders = Array.from({ length: 20 }, async (_, sender) => {
    for (let i = 0; !isKilled; i += 1) {
      const id = `killed-${sender}-${i}`;
      const answer = await post(first, id).catch(() => undefined);
      if (answer?.status === 200) acknowledged.push(id);
    }
  });
  await until(() => Promise.resolve(acknowledged.length >= 1_000), 30_000);
  await endGateway(first, 'SIGKILL');
  isKilled = true;
  await Promise.all(senders);
  const second = await start({ GATEWAY_SPOOL_DIR: dir });
  await until(async () => (await spoolBytes(second)) > 0, 10_000);
  await alone.kafka.process.start();
  await awaitReplayed(second);
  const stored = new Set(await inTopic('killed'));
  console.log({ acknowledged: acknowledged.length, stored: stored.size });
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
});

test('answers 503 with Retry-After when the spool is full too, and is not ready then', async () => {
  const gateway = await start({ GATEWAY_SPOOL_DIR: newSpool(), GATEWAY_SPOOL_MAX_BYTES: '4096' });
  await until(async () => (await statusOf(`${gateway.url}/health/ready`)) === 200, 30_000);
  await alone.kafka.process.stop();
  const acknowledged: string[] = [];
  let refused: Response | undefined;
  for (let i = 0; i < 100 && refused === undefined; i += 1) {
    const answer = await post(gateway, `full-${i}`);
    if (answer.status === 200) acknowledged.push(`full-${i}`);
    else refused = answer;
  }
  expect(acknowledged.length).toBeGreaterThan(5);
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await statusOf(`${gateway.url}/health/ready`)).toBe(503);
  await alone.kafka.process.start();
  await awaitReplayed(gateway);
  expect(await inTopic('full')).toEqual(expect.arrayContaining(acknowledged));
});
