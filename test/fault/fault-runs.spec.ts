import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summary } from './fault-page.ts';
import { runSeries } from './fault-series.ts';
import { startFaultStack, type FaultStack } from './fault-stack.ts';
import { endExtras } from './inject.ts';

/** Its five runs stall, cut, refuse, kill, restart and fill the spool. */
const SEED = 1;
const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-faults-'));
let faulted: FaultStack;

beforeAll(async () => {
  faulted = await startFaultStack(dataDir);
});
afterAll(async () => {
  endExtras();
  await faulted.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('keeps all that was acknowledged exactly once, and nobody in clear, through five runs of faults', async () => {
  const series = await runSeries(faulted, {
    ...{ seed: SEED, first: 1, runs: 5, only: undefined },
    ...{ eventsPerSecond: 1_000, eventsPerRun: 2_000 },
  });
  console.log(summary(series));
  const { results, end, finds } = series;
  expect(results).toHaveLength(5);
  for (const result of results) expect(result).toMatchObject({ lost: [], twice: [], misjudged: 0 });
  expect(end).toEqual({ lost: 0, twice: 0 });
  expect(finds.leaks).toEqual({});
  expect(finds.inRaw).toBeGreaterThan(10_000);
  const sum = (of: (result: (typeof results)[number]) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  expect(sum(({ acknowledged }) => acknowledged)).toBeGreaterThan(10_000);
  expect(sum(({ rejected }) => rejected)).toBeGreaterThan(20);
});
