import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Delivery } from './delivery.ts';
import { toSettings, type ClientLimits } from './options.ts';
import type { ClientAnswer, ClientRequest } from './ports.ts';

const sent: ClientRequest[] = [];
let answer: () => Promise<Partial<ClientAnswer>>;

function deliver(limits: Partial<ClientLimits> = {}): Delivery {
  const options = { endpoint: 'http://127.0.0.1:1', project: 'kusk', limits };
  const send = async (request: ClientRequest): Promise<ClientAnswer> => {
    sent.push(request);
    return { status: 200, retryAfter: undefined, body: '', ...(await answer()) };
  };
  const settings = toSettings(options, 'application/json');
  return new Delivery({ settings, transport: { send }, maySend: () => true });
}

const event = (text: string) => ({ text: `"${text}"`, bytes: text.length + 2 });
const bodies = (): unknown[] => sent.map(({ body }) => JSON.parse(body) as unknown);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.spyOn(Math, 'random').mockReturnValue(1);
  sent.length = 0;
  answer = async () => ({});
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('memory', () => {
  it('is bounded by a number of events: the oldest go, and are counted', async () => {
    const delivery = deliver({ maxQueueEvents: 2 });
    for (const text of ['a', 'b', 'c']) delivery.add(event(text));
    await delivery.flush(1);
    expect(bodies()).toEqual([['b', 'c']]);
    expect(delivery.counts).toEqual({ queued: 0, sent: 2, dropped: 1 });
  });

  it('is bounded by a number of bytes', () => {
    const delivery = deliver({ maxQueueBytes: 10 });
    for (const text of ['aa', 'bb', 'cc']) delivery.add(event(text));
    expect(delivery.counts).toMatchObject({ queued: 2, dropped: 1 });
  });

  it('stays bounded while a server hangs', async () => {
    const delivery = deliver({ maxQueueEvents: 10, maxBatchEvents: 5 });
    answer = () => new Promise(() => {});
    for (let i = 0; i < 10_000; i += 1) {
      delivery.add(event(String(i)));
      if (i % 100 === 0) await vi.advanceTimersByTimeAsync(100);
    }
    expect(delivery.counts.queued).toBeLessThanOrEqual(15);
  });
});

describe('a batch', () => {
  it('holds no more events and bytes than it may', async () => {
    const delivery = deliver({ maxBatchEvents: 2, maxBatchBytes: 12 });
    for (const text of ['a', 'b', 'c', 'too-large-alone', 'd']) delivery.add(event(text));
    await delivery.flush(1);
    expect(bodies()).toEqual([['a', 'b'], ['c'], ['too-large-alone'], ['d']]);
  });

  it('goes when it is full, without waiting for its time', async () => {
    const delivery = deliver({ maxBatchEvents: 2, flushIntervalMs: 10_000 });
    delivery.add(event('a'));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(0);
    delivery.add(event('b'));
    await vi.advanceTimersByTimeAsync(1);
    expect(bodies()).toEqual([['a', 'b']]);
  });

  it('waits while another is under way', async () => {
    const delivery = deliver({ maxBatchEvents: 1 });
    let finish = (): void => {};
    answer = () => new Promise((resolve) => (finish = () => resolve({})));
    for (const text of ['a', 'b']) delivery.add(event(text));
    void delivery.flush(1_000);
    void delivery.flush(1_000);
    await vi.advanceTimersByTimeAsync(500);
    expect(bodies()).toEqual([['a']]);
    finish();
    await vi.advanceTimersByTimeAsync(1);
    expect(bodies()).toEqual([['a'], ['b']]);
  });
});

describe('after a failure', () => {
  it('pauses grow, and a success ends them', async () => {
    const delivery = deliver({ maxAttempts: 10, flushIntervalMs: 1 });
    const at: number[] = [];
    answer = async () => {
      at.push(Date.now());
      return { status: at.length < 5 ? 500 : 200 };
    };
    delivery.add(event('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    delivery.add(event('b'));
    await vi.advanceTimersByTimeAsync(10);
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(pauses.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(delivery.counts).toMatchObject({ sent: 2, dropped: 0 });
  });

  it('a server that stays away is asked ever less, up to once in a minute', async () => {
    const delivery = deliver({ flushIntervalMs: 1 });
    answer = () => Promise.reject(new Error('away'));
    for (let minute = 0; minute < 60; minute += 1) {
      delivery.add(event('a'));
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(sent.length).toBeLessThan(70);
  });

  it('Retry-After silences the kit for an hour at most', async () => {
    const delivery = deliver({ flushIntervalMs: 1 });
    answer = async () => (sent.length === 1 ? { status: 503, retryAfter: '999999999' } : {});
    delivery.add(event('a'));
    await vi.advanceTimersByTimeAsync(3_599_000);
    delivery.add(event('b'));
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(delivery.counts).toEqual({ queued: 0, sent: 1, dropped: 1 });
  });

  it('Retry-After may be a date', async () => {
    const delivery = deliver({ flushIntervalMs: 1 });
    const retryAfter = new Date(Date.now() + 20_000).toUTCString();
    answer = async () => (sent.length === 1 ? { status: 429, retryAfter } : {});
    delivery.add(event('a'));
    await vi.advanceTimersByTimeAsync(18_000);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(delivery.counts).toMatchObject({ sent: 1 });
  });
});
