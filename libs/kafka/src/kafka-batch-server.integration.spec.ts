import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RollcallError } from '@rollcall/contracts-transport';
import { createKafka } from './client.ts';
import type { ConsumedBatch } from './consumed-batch.ts';
import { KafkaBatchServer } from './kafka-batch-server.ts';
import { RecordProducer } from './record-producer.ts';

const PARTITIONS = 4;
const settings = () => ({ brokers: testServers().brokers, clientId: 'spec' });

let topic: string;
let groupId: string;
let producer: RecordProducer;
const members: KafkaBatchServer[] = [];

beforeEach(async () => {
  topic = uniqueName('records');
  groupId = uniqueName('group');
  const admin = createKafka(settings(), silentLog).admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic, numPartitions: PARTITIONS }],
  });
  await admin.disconnect();
  const partitionCounts = new Map([[topic, PARTITIONS]]);
  producer = new RecordProducer({ settings: settings(), log: silentLog, partitionCounts });
  await producer.connect();
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.close()));
  await producer.disconnect();
});

type Handle = (batch: ConsumedBatch) => Promise<void>;

interface Watched {
  readonly stallAfterMs: number;
  readonly waitingSince?: () => number | undefined;
  readonly onFatal: (error: RollcallError) => void;
}

async function join(handle: Handle, watched?: Watched): Promise<KafkaBatchServer> {
  const member = new KafkaBatchServer({
    settings: settings(),
    groupId,
    fetch: { minBytes: 1, maxBytes: 10_000_000, maxBytesPerPartition: 1_000_000, maxWaitMs: 50 },
    sessionTimeoutMs: 6_000,
    partitionsConcurrently: 2,
    log: silentLog,
    onFatal: () => undefined,
    ...watched,
  });
  member.addHandler(topic, handle, true);
  members.push(member);
  await new Promise<void>((resolve, reject) => {
    member.listen((error) =>
      error === undefined ? resolve() : reject(new Error('cannot listen', { cause: error })),
    );
  });
  return member;
}

const textsOf = (batch: ConsumedBatch): string[] =>
  batch.records.map(({ value }) => value.toString());
const lastOf = (batch: ConsumedBatch): string => batch.records.at(-1)?.offset ?? '0';
const send = (text: string, partition?: number): Promise<void> =>
  producer.send(topic, partition, [{ value: text, headers: { n: '1' } }]);

test('hands over whole batches with headers, and commits what the handler says', async () => {
  const seen: string[] = [];
  const headers: Record<string, string>[] = [];
  await join(async (batch) => {
    seen.push(...textsOf(batch));
    headers.push(...batch.records.map((record) => ({ ...record.headers })));
    await batch.commit(lastOf(batch));
  });
  await Promise.all(Array.from({ length: 20 }, (_, i) => send(`e${i}`)));
  await vi.waitFor(() => expect(new Set(seen).size).toBe(20), 10_000);
  expect(seen).toHaveLength(20);
  expect(headers[0]).toEqual({ n: '1' });
});

test('reads again what a failed handler did not commit, and nothing that it did', async () => {
  const seen: string[] = [];
  let hasFailed = false;
  await send('first', 0);
  await send('second', 0);
  await join(async (batch) => {
    for (const record of batch.records) {
      seen.push(record.value.toString());
      if (record.value.toString() === 'second' && !hasFailed) {
        hasFailed = true;
        throw new Error('the store is away');
      }
      await batch.commit(record.offset);
    }
  });
  await vi.waitFor(() => expect(seen.filter((text) => text === 'second')).toHaveLength(2), 20_000);
  expect(seen.filter((text) => text === 'first')).toHaveLength(1);
});

test('shares partitions among members and gives those of a leaving member to the others', async () => {
  const seen: string[] = [];
  const handle: Handle = async (batch) => {
    seen.push(...textsOf(batch));
    await batch.commit(lastOf(batch));
  };
  const first = await join(handle);
  const second = await join(handle);
  await vi.waitFor(() => {
    expect(first.health().assigned).toHaveLength(2);
    expect(second.health().assigned).toHaveLength(2);
  }, 20_000);
  await Promise.all(Array.from({ length: 40 }, (_, i) => send(`a${i}`)));
  members.splice(members.indexOf(second), 1);
  await second.close();
  await vi.waitFor(() => expect(first.health().assigned).toHaveLength(PARTITIONS), 20_000);
  await Promise.all(Array.from({ length: 40 }, (_, i) => send(`b${i}`)));
  await vi.waitFor(() => expect(new Set(seen).size).toBe(80), 20_000);
});

test('refuses the commit of a member that was silent for too long, and another takes its batch over', async () => {
  const outcomes: string[] = [];
  const takenOver: string[] = [];
  let goOn = (): void => undefined;
  const silence = new Promise<void>((resolve) => (goOn = resolve));
  await send('slow', 0);
  let isSlow = true;
  await join(async (batch) => {
    const wasSlow = isSlow;
    isSlow = false;
    if (wasSlow) await silence;
    await batch.commit(lastOf(batch)).then(
      () => outcomes.push('committed'),
      (error: unknown) => {
        outcomes.push('refused');
        throw error;
      },
    );
  });
  await vi.waitFor(() => expect(isSlow).toBe(false), 10_000);
  await join(async (batch) => {
    takenOver.push(...textsOf(batch));
    await batch.commit(lastOf(batch));
  });
  await vi.waitFor(() => expect(takenOver).toContain('slow'), 30_000);
  goOn();
  await vi.waitFor(() => expect(outcomes[0]).toBe('refused'), 20_000);
});

test('keeps the order of sends to one partition, also when nobody waits for them', async () => {
  const seen: string[] = [];
  await Promise.all(Array.from({ length: 200 }, (_, i) => send(String(i), 1)));
  await join(async (batch) => {
    seen.push(...textsOf(batch));
    await batch.commit(lastOf(batch));
  });
  await vi.waitFor(() => expect(seen).toHaveLength(200), 20_000);
  expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
});

test('fails a send to a broker that is not there, with its code', async () => {
  const away = new RecordProducer({
    settings: { brokers: ['127.0.0.1:1'], clientId: 'spec' },
    log: silentLog,
    partitionCounts: new Map([[topic, 1]]),
    retryCount: 1,
  });
  await expect(away.send(topic, 0, [{ value: 'x', headers: {} }])).rejects.toMatchObject({
    code: 'KFK_PRODUCE_FAILED',
  });
});

test('a member that has lag and does not move says so, and asks to be started again', async () => {
  const fatal: string[] = [];
  const watched = { stallAfterMs: 3_000, onFatal: ({ code }: RollcallError) => fatal.push(code) };
  await send('poison', 0);
  const member = await join(() => Promise.reject(new Error('always')), watched);
  await vi.waitFor(() => expect(member.health().stalledSince).toBeDefined(), 20_000);
  await vi.waitFor(() => expect(fatal).toEqual(['KFK_STALLED']), 20_000);
});

test('a member that has nothing to do, or whose handler waits, is left alone', async () => {
  const fatal: string[] = [];
  let waitingSince: number | undefined;
  const watched = {
    stallAfterMs: 2_000,
    onFatal: ({ code }: RollcallError) => fatal.push(code),
    waitingSince: () => waitingSince,
  };
  let goOn = (): void => undefined;
  const store = new Promise<void>((resolve) => (goOn = resolve));
  await send('slow', 0);
  const member = await join(async (batch) => {
    if (textsOf(batch).includes('slow')) {
      waitingSince = Date.now();
      await store;
      waitingSince = undefined;
    }
    await batch.commit(lastOf(batch));
  }, watched);
  await vi.waitFor(() => expect(waitingSince).toBeDefined(), 10_000);
  // more waits behind it, for three times as long as a stall may last
  await send('behind', 0);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(fatal).toEqual([]);
  goOn();
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(member.health().stalledSince).toBeUndefined();
  expect(fatal).toEqual([]);
});

test('a batch that stays in hand while Kafka answers is a stall, when its handler has nothing else to wait for', async () => {
  const fatal: string[] = [];
  const watched = {
    stallAfterMs: 2_000,
    onFatal: ({ code }: RollcallError) => fatal.push(code),
  };
  let goOn = (): void => undefined;
  const never = new Promise<void>((resolve) => (goOn = resolve));
  await send('hangs', 0);
  await join(() => never, watched);
  await vi.waitFor(() => expect(fatal).toEqual(['KFK_STALLED']), 20_000);
  goOn();
});
