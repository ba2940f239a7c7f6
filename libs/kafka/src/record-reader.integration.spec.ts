import { beforeAll, expect, it } from 'vitest';
import { TOPICS } from '@rollcall/contracts-transport';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { withAdmin } from './admin.ts';
import { RecordProducer } from './record-producer.ts';
import { readRecords } from './record-reader.ts';

const PARTITION = 1;
const settings = () => ({ brokers: testServers().brokers, clientId: uniqueName('reader') });
let first: number;

beforeAll(async () => {
  const producer = new RecordProducer({
    settings: settings(),
    log: silentLog,
    partitionCounts: new Map(),
  });
  await producer.connect();
  const ends = await withAdmin(settings(), silentLog, (admin) =>
    admin.fetchTopicOffsets(TOPICS.raw),
  );
  first = Number(ends.find(({ partition }) => partition === PARTITION)?.high);
  // one batch, so that one fetch has them all
  const record = { value: 'a\n', headers: { v: '1', n: '1' } };
  await producer.send(TOPICS.raw, PARTITION, [record, record, record]);
  await producer.disconnect();
});

it.each([
  ['it is told to', (stop: AbortController) => stop.abort(new Error('told'))],
  [
    'one was not taken',
    () => {
      throw new Error('told');
    },
  ],
])('ends between two records when %s', async (_, onFirst: (stop: AbortController) => void) => {
  const taken: number[] = [];
  const stop = new AbortController();
  const offsets = new Map([[PARTITION, [0, 1, 2].map((at) => String(first + at))]]);
  const reading = readRecords(
    settings(),
    { topic: TOPICS.raw, offsets, signal: stop.signal },
    async ({ record }) => {
      taken.push(Number(record.offset) - first);
      onFirst(stop);
      await Promise.resolve();
    },
    silentLog,
  );
  await expect(reading).rejects.toThrow('told');
  expect(taken).toEqual([0]);
});
