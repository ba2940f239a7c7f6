import { connect, createServer, type Server, type Socket } from 'node:net';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKafka } from './client.ts';
import type { ConsumedRecord, TransactionalBatch } from './consumed-batch.ts';
import { fetchGroupPosition } from './group-position.ts';
import type { TopicRecords } from './partition-transactions.ts';
import { TransactionalOutput } from './transactional-output.ts';

const settings = () => ({ brokers: testServers().brokers, clientId: 'spec' });

let input: string;
let output: string;
let groupId: string;
const outputs: TransactionalOutput[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  input = uniqueName('in');
  output = uniqueName('out');
  groupId = uniqueName('group');
  const admin = createKafka(settings(), silentLog).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: input }, { topic: output }] });
  await admin.disconnect();
  // a new broker makes its topic of offsets when somebody first asks
  await vi.waitFor(() => batchOf(0, 0).position(), { timeout: 20_000, interval: 100 });
});
afterEach(async () => {
  await Promise.all(outputs.splice(0).map((each) => each.close()));
  for (const server of servers.splice(0)) server.close();
});

function member(brokers = settings().brokers): TransactionalOutput {
  const options = { settings: { brokers, clientId: 'spec' }, groupId, idPrefix: groupId };
  const made = new TransactionalOutput({ ...options, log: silentLog });
  outputs.push(made);
  return made;
}

const record = (offset: number): ConsumedRecord => ({
  offset: String(offset),
  value: Buffer.from(`in ${offset}`),
  headers: {},
  timestamp: '0',
});

/** Records as a fetch brings them, with the group's position in the real broker. */
function batchOf(first: number, last: number, generation = 1): TransactionalBatch {
  const records = Array.from({ length: last - first + 1 }, (_, i) => record(first + i));
  return {
    topic: input,
    partition: 0,
    records,
    lastOffset: String(last),
    generation,
    position: () =>
      fetchGroupPosition(settings(), { groupId, topic: input, partition: 0 }, silentLog),
    commit: () => Promise.reject(new Error('outside a transaction')),
    passed: () => undefined,
    heartbeat: async () => undefined,
    isStale: () => false,
  };
}

const outputOf = (records: readonly ConsumedRecord[], by = 'out'): readonly TopicRecords[] => [
  {
    topic: output,
    partition: 0,
    records: records.map(({ offset }) => ({ value: `${by} ${offset}`, headers: {} })),
  },
];

/** What the anonymizer does with a batch. */
async function work(by: TransactionalOutput, batch: TransactionalBatch): Promise<void> {
  const partition = await by.open(batch);
  const records = partition.remaining(batch.records);
  if (records.length > 0) await partition.commit(batch, batch.lastOffset, outputOf(records));
}

/** Texts of the output topic for a reader of committed records, when it has read to the end. */
async function readCommitted(count: number): Promise<string[]> {
  const texts: string[] = [];
  const consumer = createKafka(settings(), silentLog).consumer({
    groupId: uniqueName('reader'),
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: output, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => void texts.push(String(message.value)),
  });
  await vi.waitFor(() => expect(texts.length).toBeGreaterThanOrEqual(count), 20_000);
  // what is there too often would come right behind
  await new Promise((resolve) => setTimeout(resolve, 500));
  await consumer.disconnect();
  return texts;
}

const expected = (last: number): string[] => Array.from({ length: last + 1 }, (_, i) => `out ${i}`);

test('output and position go together', async () => {
  const one = member();
  await work(one, batchOf(0, 4));
  await work(one, batchOf(5, 9));
  expect(await readCommitted(10)).toEqual(expected(9));
  expect(await batchOf(0, 0).position()).toMatchObject({ offset: '10' });
});

test('what the last owner committed is left out when it is read again', async () => {
  await work(member(), batchOf(0, 4));
  const next = member();
  await work(next, batchOf(0, 6));
  await work(next, batchOf(7, 7));
  expect(await readCommitted(8)).toEqual(expected(7));
});

test('a batch that goes back makes the member ask the broker again', async () => {
  const one = member();
  await work(one, batchOf(0, 4));
  await work(one, batchOf(3, 6));
  expect(await readCommitted(7)).toEqual(expected(6));
});

test('an owner that comes back late is fenced off, and what it had begun is not seen', async () => {
  const late = member();
  const batch = batchOf(0, 4);
  const begun = await late.open(batch);
  await work(member(), batchOf(0, 4, 2));
  await expect(begun.commit(batch, '4', outputOf(batch.records, 'late'))).rejects.toMatchObject({
    code: 'KFK_FENCED',
  });
  // it still believes that the partition is its own, and is right that something is left to do
  await work(late, batchOf(0, 6));
  expect(await readCommitted(7)).toEqual(expected(6));
});

/** Keys of Kafka's requests. @see https://kafka.apache.org/protocol#protocol_api_keys */
const REQUESTS = { produce: 0, 'add offsets': 25, 'end the transaction': 26, 'commit offsets': 28 };

interface ForgetfulBroker {
  readonly brokers: readonly string[];
  /** The next request of this kind reaches the broker; the connection is cut instead of its answer. */
  loseAnswerTo(key: number): void;
}

/** Says to clients that the broker lives at the port of the one between. */
function readdress(bytes: Buffer, brokerPort: number, ownPort: number): Buffer {
  const place = Buffer.alloc(4);
  place.writeInt32BE(brokerPort);
  const address = Buffer.concat([Buffer.from('127.0.0.1'), place]);
  for (let at = bytes.indexOf(address); at !== -1; at = bytes.indexOf(address, at + 1))
    bytes.writeInt32BE(ownPort, at + address.length - place.length);
  return bytes;
}

async function startForgetfulBroker(): Promise<ForgetfulBroker> {
  const brokerPort = Number(settings().brokers[0]?.split(':')[1]);
  let lost: number | undefined;
  let ownPort = 0;
  const server = createServer((client: Socket) => {
    const broker = connect(brokerPort, '127.0.0.1');
    let isLosing = false;
    client.on('data', (bytes) => {
      // a request is its length, then the key of its kind
      if (bytes.length > 6 && bytes.readInt16BE(4) === lost) {
        lost = undefined;
        isLosing = true;
      }
      broker.write(bytes);
    });
    broker.on('data', (bytes) => {
      if (isLosing) client.destroy();
      else client.write(readdress(bytes, brokerPort, ownPort));
    });
    client.on('error', () => undefined).on('close', () => broker.destroy());
    broker.on('error', () => undefined).on('close', () => client.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ownPort = (server.address() as { port: number }).port;
  return { brokers: [`127.0.0.1:${ownPort}`], loseAnswerTo: (key) => (lost = key) };
}

test.each(Object.entries(REQUESTS))(
  'a lost answer to the request to %s loses nothing and doubles nothing',
  async (_name, key) => {
    const broker = await startForgetfulBroker();
    const one = member(broker.brokers);
    await work(one, batchOf(0, 0));
    let offset = 1;
    for (let round = 0; round < 5; round += 1) {
      broker.loseAnswerTo(key);
      // one record each: a batch whose number the broker has seen looks just like the one before
      for (let i = 0; i < 3; i += 1, offset += 1)
        await vi.waitFor(() => work(one, batchOf(offset, offset)), { timeout: 20_000 });
    }
    expect(await readCommitted(16)).toEqual(expected(15));
  },
);
