import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import { TOPICS } from '@rollcall/contracts-transport';
import { RecordProducer, createKafka, readRecords, type ReadRecord } from '@rollcall/kafka';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { readCliConfig } from './cli.config.ts';
import { createProgram } from './program.ts';

const PARTITION = 2;
const project = uniqueName('replay');
const settings = () => ({ brokers: testServers().brokers, clientId: 'replay-spec' });
let admin: ClickHouse;
let producer: RecordProducer;

beforeAll(async () => {
  const { url, admin: all } = testServers().clickhouse;
  admin = createClickHouse({ url, username: all.user, password: all.password });
  producer = new RecordProducer({
    settings: settings(),
    log: silentLog,
    partitionCounts: new Map([[TOPICS.raw, 3]]),
  });
  await producer.connect();
});
afterAll(() => Promise.all([producer.disconnect(), admin.close()]));

async function endOffset(): Promise<number> {
  const kafka = createKafka(settings(), silentLog).admin();
  await kafka.connect();
  const ends = await kafka.fetchTopicOffsets(TOPICS.raw);
  await kafka.disconnect();
  return Number(ends.find(({ partition }) => partition === PARTITION)?.high);
}

async function reject(offset: number, index: number): Promise<void> {
  const row = { project, stage: 'anonymizer', code: 'AN_EVENT_UNKNOWN', topic: TOPICS.raw };
  const line = { ...row, partition: PARTITION, offset, index, count: 1, at: '2036-11-21 01:02:03' };
  await admin.insertLines('rejections', [Buffer.from(`${JSON.stringify(line)}\n`)], {
    token: `${project}/${offset}/${index}`,
  });
}

async function run(...flags: string[]): Promise<string> {
  const { brokers, clickhouse } = testServers();
  const said: string[] = [];
  const terminal = { out: (text: string) => void said.push(text), err: () => undefined };
  const env = {
    KAFKA_BROKERS: brokers.join(','),
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_USER: clickhouse.analyst.user,
    CLICKHOUSE_PASSWORD: clickhouse.analyst.password,
  };
  const args = ['--topic', TOPICS.raw, '--code', 'AN_EVENT_UNKNOWN', '--project', project];
  const program = createProgram({ terminal, config: () => readCliConfig(env) });
  await program.parseAsync(['replay', ...args, ...flags], { from: 'user' });
  return said.join('\n');
}

async function recordsFrom(first: number, end: number): Promise<ReadRecord[]> {
  const offsets = Array.from({ length: end - first }, (_, i) => String(first + i));
  const read: ReadRecord[] = [];
  const wanted = { topic: TOPICS.raw, offsets: new Map([[PARTITION, offsets]]) };
  await readRecords(settings(), wanted, (each) => Promise.resolve(void read.push(each)), silentLog);
  return read;
}

test('replay produces the refused lines of each record again, and a second run nothing that is new', async () => {
  const first = await endOffset();
  const values = ['a0\na1\na2\n', 'b0\nb1\n', 'c0\n'];
  for (const value of values)
    await producer.send(TOPICS.raw, PARTITION, [{ value, headers: { v: '1', n: '3' } }]);
  await reject(first, 1);
  await reject(first, 2);
  await reject(first + 1, -1);
  await reject(first + 1_000_000, 0);

  const dry = await run('--dry-run');
  expect(dry).toContain('2 of 3 records read; 4 lines would be produced');
  expect(await endOffset()).toBe(first + 3);

  const said = await run('--since', '2036-01-01');
  expect(said).toContain('4 lines were produced');
  expect(said).toContain(
    `1 records are past the retention of the topic, or not in Kafka any more:`,
  );
  expect(said).toContain(`partition ${PARTITION}, offset ${first + 1_000_000}`);
  const produced = await recordsFrom(first + 3, await endOffset());
  const came = await recordsFrom(first, first + 2);
  expect(produced.map(({ record }) => record.value.toString())).toEqual(['a1\na2\n', 'b0\nb1\n']);
  expect(produced.map(({ record }) => record.headers)).toEqual(
    came.map(({ record }) => ({ v: '1', n: '2', f: record.timestamp })),
  );

  // the mended catalogue refuses one of them again, under its new coordinates
  await reject(first + 3, 0);
  const again = await run();
  expect(again).toContain('4 lines were produced');
  expect(again).toContain('1 were the same as another');
});

test('replay says so when there is nothing of the kind', async () => {
  expect(await run('--since', '2040-01-01')).toBe(
    '0 rejections with AN_EVENT_UNKNOWN have coordinates.',
  );
});
