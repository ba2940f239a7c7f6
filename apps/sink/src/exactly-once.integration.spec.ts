import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import {
  RecordProducer,
  createKafka,
  fetchGroupPosition,
  type ResumableBatch,
} from '@rollcall/kafka';
import { KafkaBatchServer } from '@rollcall/kafka/transport';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { DeadLetters } from './dead-letters.ts';
import { PatientInsert } from './insert/patient-insert.ts';
import { telemetry } from './sink.fixture.ts';
import { SinkPipeline } from './sink.pipeline.ts';

const settings = () => ({ brokers: testServers().brokers, clientId: 'exactly-once' });
let admin: ClickHouse;
let store: ClickHouse;
let producer: RecordProducer;
let topic: string;
let groupId: string;
let project: string;
const members: KafkaBatchServer[] = [];

beforeAll(() => {
  const { url, admin: all, sink } = testServers().clickhouse;
  admin = createClickHouse({ url, username: all.user, password: all.password });
  store = createClickHouse({ url, username: sink.user, password: sink.password });
});
// a merge would hide what was stored twice
beforeAll(() => admin.command('SYSTEM STOP MERGES rollcall.events'));
afterAll(async () => {
  await admin.command('SYSTEM START MERGES rollcall.events');
  await Promise.all([admin.close(), store.close()]);
});

beforeEach(async () => {
  topic = uniqueName('rows');
  groupId = uniqueName('group');
  project = uniqueName('once');
  await makeTopic();
  producer = new RecordProducer({
    settings: settings(),
    log: silentLog,
    partitionCounts: new Map([[topic, 2]]),
  });
  await producer.connect();
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.close()));
  await producer.disconnect();
});

async function withTopics(work: 'createTopics' | 'deleteTopics'): Promise<void> {
  const kafka = createKafka(settings(), silentLog).admin();
  await kafka.connect();
  if (work === 'deleteTopics') await kafka.deleteTopics({ topics: [topic] });
  else await kafka.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
  await kafka.disconnect();
}
const makeTopic = (): Promise<void> => withTopics('createTopics');

/** Stands between the pipeline and the broker. */
type Meddle = (batch: ResumableBatch) => ResumableBatch;

/** A sink of its own: consumer, pipeline and all, that takes small fetches. */
async function joinSink(
  meddle: Meddle = (batch) => batch,
  maxBytes = 20_000,
): Promise<KafkaBatchServer> {
  const said = telemetry(undefined, new Registry());
  const pipeline = new SinkPipeline({
    inserts: new PatientInsert(
      ({ table, chunks, token }) => store.insertLines(table, chunks, { token }),
      said,
    ),
    deadLetters: new DeadLetters(() => Promise.resolve()),
    telemetry: said,
    limits: { maxRows: 500, maxBytes: 1_000_000 },
    clock: Date.now,
  });
  const member = new KafkaBatchServer({
    settings: settings(),
    groupId,
    fetch: { minBytes: 1, maxBytes: 1_000_000, maxBytesPerPartition: maxBytes, maxWaitMs: 50 },
    sessionTimeoutMs: 6_000,
    partitionsConcurrently: 2,
    log: silentLog,
    onFatal: () => undefined,
  });
  const handle = (batch: ResumableBatch): Promise<void> => pipeline.run(meddle(batch));
  member.addHandler(topic, handle, true);
  members.push(member);
  await new Promise<void>((resolve, reject) => {
    member.listen((error) =>
      error === undefined ? resolve() : reject(new Error('no start', { cause: error })),
    );
  });
  return member;
}

function rows(count: number): string {
  const lines = Array.from({ length: count }, () =>
    JSON.stringify({
      project,
      event_id: randomUUID(),
      received_at: '2026-11-21 01:02:03.004',
      expires_at: '2036-11-21 01:02:03',
      // does not compress, so that a few records fill a fetch
      properties: { noise: randomUUID() + randomUUID() },
    }),
  );
  return lines.map((line) => `${line}\n`).join('');
}

async function produce(records: number, rowsEach: number, partition = 0): Promise<void> {
  for (let i = 0; i < records; i += 1)
    await producer.send(topic, partition, [
      { value: rows(rowsEach), headers: { v: '1', n: String(rowsEach), t: 'events' } },
    ]);
}

/** Rows as they lie in the table: FINAL would hide what is stored twice. */
async function storedRows(): Promise<{ n: number; ids: number }> {
  const [counts] = await admin.rows<{ n: number; ids: number }>(
    'SELECT count() AS n, uniqExact(event_id) AS ids FROM rollcall.events WHERE project = {project:String}',
    { project },
  );
  return counts ?? { n: 0, ids: 0 };
}

async function expectStored(n: number): Promise<void> {
  await vi.waitFor(async () => expect((await storedRows()).ids).toBe(n), {
    timeout: 40_000,
    interval: 200,
  });
  expect(await storedRows()).toEqual({ n, ids: n });
}

/** The position of the group in the first partition. */
async function expectCommitted(offset: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(
        await fetchGroupPosition(settings(), { groupId, topic, partition: 0 }, silentLog),
      ).toMatchObject({ offset }),
    { timeout: 40_000, interval: 200 },
  );
}

/** The same object with another commit; its private parts stay its own. */
function withCommit(
  batch: ResumableBatch,
  commit: (lastOffset: string, metadata?: string) => Promise<void>,
): ResumableBatch {
  const { topic: name, partition, records, lastOffset, generation } = batch;
  return {
    ...{ topic: name, partition, records, lastOffset, generation, commit },
    note: (first, metadata) => batch.note(first, metadata),
    position: () => batch.position(),
    readOn: () => batch.readOn(),
    heartbeat: () => batch.heartbeat(),
    isStale: () => batch.isStale(),
  };
}

it('a sink that dies between its insert and its commit leaves each row stored once, without FINAL', async () => {
  await produce(40, 20);
  let inserts = 0;
  const dying = await joinSink((batch) =>
    withCommit(batch, () => {
      inserts += 1;
      return Promise.reject(new Error('killed before the commit'));
    }),
  );
  await vi.waitFor(() => expect(inserts).toBeGreaterThan(0), 20_000);
  members.splice(members.indexOf(dying), 1);
  await dying.close();
  expect((await storedRows()).n).toBeGreaterThan(0);
  await produce(10, 20);
  // another process, whose fetches are far larger
  await joinSink(undefined, 1_000_000);
  await expectStored(1_000);
});

it('a window is completed over several fetches when they became smaller', async () => {
  await produce(20, 20);
  let inserts = 0;
  const dying = await joinSink(
    (batch) =>
      withCommit(batch, () => {
        inserts += 1;
        return Promise.reject(new Error('killed before the commit'));
      }),
    1_000_000,
  );
  await vi.waitFor(() => expect(inserts).toBeGreaterThan(0), 20_000);
  members.splice(members.indexOf(dying), 1);
  await dying.close();
  const fetched: number[] = [];
  await joinSink((batch) => {
    fetched.push(batch.records.length);
    return batch;
  }, 2_000);
  await expectCommitted('20');
  expect(Math.max(...fetched)).toBeLessThan(20);
  expect(await storedRows()).toEqual({ n: 400, ids: 400 });
});

it('members that come and go in the middle of batches store each row once, without FINAL', async () => {
  await joinSink();
  const producing = Promise.all([produce(60, 20, 0), produce(60, 20, 1)]);
  for (let i = 0; i < 3; i += 1) {
    const guest = await joinSink();
    await vi.waitFor(() => expect(guest.health().isJoined).toBe(true), 20_000);
    members.splice(members.indexOf(guest), 1);
    await guest.close();
  }
  await producing;
  await expectStored(2_400);
});

it('a topic that was made anew is stored though its offsets begin again', async () => {
  await produce(3, 10);
  const first = await joinSink();
  await expectStored(30);
  members.splice(members.indexOf(first), 1);
  await first.close();
  await withTopics('deleteTopics');
  await vi.waitFor(() => makeTopic(), { timeout: 20_000, interval: 200 });
  await vi.waitFor(() => produce(3, 10), { timeout: 20_000, interval: 200 });
  await joinSink();
  await expectStored(60);
});

it('one token sent by several at once is stored once', async () => {
  const token = randomUUID();
  const line = Buffer.from(rows(5));
  await Promise.all(
    Array.from({ length: 8 }, () => store.insertLines('events', [line], { token })),
  );
  expect(await storedRows()).toEqual({ n: 5, ids: 5 });
});
