import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { RecordBatcher, type BatcherOptions } from './record-batcher.ts';

interface Sent {
  readonly text: string;
  readonly eventCount: number;
  readonly acknowledge: () => void;
  readonly fail: () => void;
}

function createBatcher(overrides: Partial<BatcherOptions> = {}): {
  batcher: RecordBatcher;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  const batcher = new RecordBatcher({
    clock: Date.now,
    maxRecordBytes: 1_000,
    maxPendingBytes: 10_000,
    maxSendsUnderWay: 2,
    ackTimeoutMs: 1_000,
    send: (lines, eventCount) =>
      new Promise((resolve, reject) => {
        sent.push({
          text: lines.toString(),
          eventCount,
          acknowledge: resolve,
          fail: () => reject(new Error('no ack')),
        });
      }),
    ...overrides,
  });
  return { batcher, sent };
}

const line = (text: string): Buffer => Buffer.from(`${text}\n`);

afterEach(() => vi.useRealTimers());

test('sends a lone request at once, as a record of its own', async () => {
  const { batcher, sent } = createBatcher();
  const done = batcher.append(line('a'), 1);
  await nextTurn();
  expect(sent.map(({ text }) => text)).toEqual(['a\n']);
  sent[0]?.acknowledge();
  await done;
});

test('gathers requests while the allowed sends are under way and sends them as one record', async () => {
  const { batcher, sent } = createBatcher({ maxSendsUnderWay: 1 });
  const first = batcher.append(line('a'), 1);
  await nextTurn();
  const later = Promise.all([batcher.append(line('b'), 1), batcher.append(line('c'), 2)]);
  await nextTurn();
  expect(sent).toHaveLength(1);
  sent[0]?.acknowledge();
  await first;
  await nextTurn();
  expect(sent[1]).toMatchObject({ text: 'b\nc\n', eventCount: 3 });
  sent[1]?.acknowledge();
  await later;
  expect(batcher.pendingBytes).toBe(0);
});

test('resolves nobody before the acknowledgement and rejects everyone of a failed record', async () => {
  const { batcher, sent } = createBatcher();
  const outcomes = Promise.allSettled([batcher.append(line('a'), 1), batcher.append(line('b'), 1)]);
  await nextTurn();
  sent[0]?.fail();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(batcher.pendingBytes).toBe(0);
});

test('keeps a record within its size, and never splits the lines of one request', async () => {
  const { batcher, sent } = createBatcher({ maxRecordBytes: 10, maxSendsUnderWay: 8 });
  const big = 'x'.repeat(50);
  void batcher.append(line('12345678'), 1);
  void batcher.append(line('12345678'), 1);
  void batcher.append(line(big), 1);
  await nextTurn();
  expect(sent.map(({ text }) => text)).toEqual(['12345678\n', '12345678\n', `${big}\n`]);
});

test('takes nothing in beyond its bound and takes in again when there is room', async () => {
  const { batcher, sent } = createBatcher({ maxPendingBytes: 10 });
  const held = batcher.append(line('12345678'), 1);
  await expect(batcher.append(line('12345678'), 1)).rejects.toMatchObject({
    code: 'GW_UNAVAILABLE',
  });
  await nextTurn();
  sent[0]?.acknowledge();
  await held;
  await nextTurn();
  const again = batcher.append(line('12345678'), 1);
  await nextTurn();
  sent[1]?.acknowledge();
  await expect(again).resolves.toBeUndefined();
});

test('answers within the time limit when no acknowledgement comes', async () => {
  vi.useFakeTimers();
  const { batcher } = createBatcher({ maxSendsUnderWay: 1, ackTimeoutMs: 1_000 });
  const outcomes = Promise.allSettled([batcher.append(line('under way'), 1)]);
  await vi.advanceTimersByTimeAsync(10);
  const waiting = Promise.allSettled([batcher.append(line('waiting'), 1)]);
  await vi.advanceTimersByTimeAsync(1_500);
  for (const settled of [...(await outcomes), ...(await waiting)])
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'GW_UNAVAILABLE' } });
});

test('drains: what was taken in before is sent before it returns', async () => {
  const { batcher, sent } = createBatcher({ maxSendsUnderWay: 1 });
  const all = Promise.all([batcher.append(line('a'), 1), batcher.append(line('b'), 1)]);
  const drained = batcher.drain();
  await nextTurn();
  sent[0]?.acknowledge();
  await drained;
  await all;
  expect(sent.map(({ text }) => text).join('')).toBe('a\nb\n');
});
