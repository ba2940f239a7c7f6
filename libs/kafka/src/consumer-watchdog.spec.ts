import { expect, test } from 'vitest';
import type { ConsumerHealth } from './consumer-progress.ts';
import { ConsumerWatchdog } from './consumer-watchdog.ts';
import type { PartitionLag } from './lag-watch.ts';

const STALL_MS = 1_000;
const NO_LAG = new Map<string, PartitionLag>();
const WELL: ConsumerHealth = {
  isJoined: true,
  assigned: ['raw/0'],
  lastProgressAt: 0,
  oldestBatchAt: undefined,
};

function start() {
  let now = 0;
  let waitingSince: number | undefined;
  let health = WELL;
  let lags = (): Promise<ReadonlyMap<string, PartitionLag>> => Promise.resolve(NO_LAG);
  const told: string[] = [];
  const stalls: (number | undefined)[] = [];
  const watchdog = new ConsumerWatchdog({
    health: () => health,
    lags: () => lags(),
    stalls: (since) => stalls.push(since),
    onStalled: ({ code }) => told.push(code),
    clock: () => now,
    stallAfterMs: STALL_MS,
    waitingSince: () => waitingSince,
  });
  return {
    told,
    stalls,
    answers: (answer: ReadonlyMap<string, PartitionLag> | Error) =>
      (lags = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer))),
    waits: (since: number | undefined) => (waitingSince = since),
    is: (change: Partial<ConsumerHealth>) => (health = { ...WELL, ...change }),
    lookAt: async (at: number) => {
      now = at;
      await watchdog.look();
    },
  };
}

test('a member without a place in its group is told of, although nothing waits to be read', async () => {
  const { is, lookAt, told, stalls } = start();
  is({ isJoined: false, assigned: [] });
  for (const at of [0, 600, 1_000]) await lookAt(at);
  expect(told).toEqual([]);
  expect(stalls).toEqual([undefined, 0, 0]);
  await lookAt(1_001);
  expect(told).toEqual(['KFK_STALLED']);
});

test('a member that found its place again is held nothing against', async () => {
  const { is, lookAt, told } = start();
  is({ isJoined: false, assigned: [] });
  await lookAt(0);
  is({});
  await lookAt(900);
  is({ isJoined: false, assigned: [] });
  await lookAt(1_800);
  await lookAt(2_700);
  expect(told).toEqual([]);
});

test('while no broker answers nothing counts, and afterwards it counts from the first answer', async () => {
  const { is, answers, lookAt, told, stalls } = start();
  is({ isJoined: false, assigned: [], oldestBatchAt: 0 });
  await lookAt(0);
  answers(new Error('away'));
  await lookAt(50_000);
  answers(NO_LAG);
  await lookAt(60_000);
  await lookAt(61_000);
  expect(told).toEqual([]);
  expect(stalls.at(-1)).toBe(60_000);
  await lookAt(61_001);
  expect(told).toEqual(['KFK_STALLED']);
});

test('a batch that stays in hand is a stall, but not while its handler waits for a store, nor right after', async () => {
  const hung = start();
  const waiting = start();
  waiting.waits(0);
  for (const { is, lookAt } of [hung, waiting]) {
    is({ oldestBatchAt: 0 });
    for (const at of [0, 600, 1_001]) await lookAt(at);
  }
  expect(hung.told).toEqual(['KFK_STALLED']);
  expect(waiting.told).toEqual([]);
  waiting.waits(undefined);
  for (const at of [1_500, 2_001]) await waiting.lookAt(at);
  expect(waiting.told).toEqual([]);
  await waiting.lookAt(2_002);
  expect(waiting.told).toEqual(['KFK_STALLED']);
});

test('a batch in hand of which parts get done is no stall', async () => {
  const { is, lookAt, told } = start();
  for (const at of [0, 900, 1_800, 2_700]) {
    is({ oldestBatchAt: 0, lastProgressAt: at });
    await lookAt(at);
  }
  expect(told).toEqual([]);
});

test('lag that does not move is a stall; while a handler waits it is not', async () => {
  const lag = new Map([['raw/0', { position: 5n, end: 9n }]]);
  const idle = start();
  const waiting = start();
  waiting.waits(-10_000);
  for (const { answers, lookAt } of [idle, waiting]) {
    answers(lag);
    for (const at of [0, 1_001]) await lookAt(at);
  }
  expect(idle.told).toEqual(['KFK_STALLED']);
  expect(waiting.told).toEqual([]);
});

test('a process that stood still has not stalled: it counts from when it went on', async () => {
  const lag = new Map([['raw/0', { position: 5n, end: 9n }]]);
  const { answers, is, lookAt, told } = start();
  answers(lag);
  is({ oldestBatchAt: 0 });
  for (const at of [0, 3_600_000, 3_601_000]) await lookAt(at);
  expect(told).toEqual([]);
  await lookAt(3_601_001);
  expect(told).toEqual(['KFK_STALLED']);
});

test('lag of a partition that another member has is not held against this one', async () => {
  const { answers, lookAt, told } = start();
  answers(new Map([['raw/1', { position: 5n, end: 9n }]]));
  await lookAt(0);
  await lookAt(5_000);
  expect(told).toEqual([]);
});
