import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventRow } from '@rollcall/contracts-anonymized';
import { TOPICS } from '@rollcall/contracts-transport';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExtra, type ExtraService } from './extra-service.ts';
import { analystOf, awaitReady, balance } from './ledger.ts';
import { committedLines, rawEventIds } from './raw-records.ts';
import { startStream } from './steady-stream.ts';
import { pidOf } from '../stack/pid-of.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-once-'));
let stack: RollcallStack;
let second: ExtraService;

beforeAll(async () => {
  stack = await startRollcall({ dataDir });
  second = await startExtra(stack, 'anonymizer');
});
afterAll(async () => {
  second.end();
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('each raw event has its row in the anonymized topic exactly once, however often an anonymizer is killed or frozen', async () => {
  const stream = startStream({ gateways: [stack.urlOf('gateway')], eventsPerSecond: 400 });
  for (let round = 0; round < 3; round += 1) {
    await sleep(700);
    process.kill(pidOf(stack.pids(), 'anonymizer'), 'SIGKILL');
    await sleep(1_000);
    await awaitReady(stack.urlOf('anonymizer'), 60_000);
  }
  // longer than a session: the other one takes over, and then this one wakes up and believes that nothing has happened
  const pid = stack.pids()['anonymizer'] ?? 0;
  process.kill(pid, 'SIGSTOP');
  await sleep(8_000);
  process.kill(pid, 'SIGCONT');
  await sleep(2_000);
  const { acknowledged } = await stream.stop();
  const access = analystOf(stack);
  const result = await balance({ dataDir, access }, 'kamaji', acknowledged, 60_000);
  const brokers = stack.backends.kafka.brokers.join(',');
  const raw = await rawEventIds(brokers);
  const rows = await committedLines<EventRow>(brokers, TOPICS.anonymized);
  const coordinates = rows.map((row) => `${row.raw_partition}/${row.raw_offset}/${row.raw_index}`);
  console.log({ ...result, 'raw events': raw.length, rows: rows.length });
  expect(new Set(coordinates).size).toBe(coordinates.length);
  expect(rows).toHaveLength(raw.length);
  expect(result).toMatchObject({ lost: 0, twice: 0, repeats: 0 });
  expect(result.acknowledged).toBeGreaterThan(1_000);
});
