import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRollcall, type RollcallStack, type ServiceName } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startExtra, type ExtraService } from './extra-service.ts';
import { analystOf, balance } from './ledger.ts';
import { startStream } from './steady-stream.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-scale-'));
let stack: RollcallStack;
const extras: ExtraService[] = [];

beforeAll(async () => {
  stack = await startRollcall({ dataDir });
});
afterAll(async () => {
  for (const extra of extras) extra.end();
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const partitionsOf = (assignment: string, topic: string): string[] =>
  assignment.split(', ').filter((partition) => partition.startsWith(topic));

async function start(service: ServiceName): Promise<ExtraService> {
  const extra = await startExtra(stack, service);
  extras.push(extra);
  return extra;
}

test('shares the partitions out among replicas started by hand, and loses nothing when they are stopped under load', async () => {
  const second = await start('gateway');
  const stream = startStream({
    gateways: [stack.urlOf('gateway'), second.url],
    eventsPerSecond: 200,
  });
  const anonymizers = [await start('anonymizer'), await start('anonymizer')];
  const sinks = [await start('sink'), await start('sink')];
  // six partitions and three members each
  await vi.waitFor(() => {
    for (const one of anonymizers)
      expect(partitionsOf(one.assignment(), 'telemetry.raw')).toHaveLength(2);
    for (const one of sinks)
      expect(partitionsOf(one.assignment(), 'telemetry.anonymized')).toHaveLength(2);
  }, 60_000);
  console.table(
    [...anonymizers, ...sinks].map((one) => ({ replica: one.name, partitions: one.assignment() })),
  );
  await sleep(2_000);
  const exits: Record<string, unknown>[] = [];
  for (const replica of [...sinks, ...anonymizers, second]) {
    if (replica === second) await stream.stop();
    exits.push({ replica: replica.name, ...(await replica.stop()) });
    await sleep(1_000);
  }
  console.table(exits);
  expect(exits.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  const { acknowledged } = stream.tally();
  const result = await balance(
    { dataDir, access: analystOf(stack) },
    'kamaji',
    acknowledged,
    60_000,
  );
  console.log(result);
  expect(result).toMatchObject({ lost: 0, twice: 0 });
  expect(result.acknowledged).toBeGreaterThan(1_000);
});
