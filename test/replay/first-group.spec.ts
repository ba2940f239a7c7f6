import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS, topicSpecs } from '@rollcall/contracts-transport';
import { freePorts, sharedKafkaLibsDir, startKafka, type KafkaServer } from '@rollcall/embedded';
import { RecordProducer, ensureTopics, readRecords } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PARTITION = 2;
const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-first-group-'));
let kafka: KafkaServer;

beforeAll(async () => {
  const [port = 0, controllerPort = 0] = await freePorts(2);
  kafka = await startKafka({ dataDir, port, controllerPort, libsDir: sharedKafkaLibsDir });
});
afterAll(async () => {
  await kafka?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('a record is read also by the very first group of a broker, which has no coordinator for it yet', async () => {
  const settings = { brokers: kafka.brokers, clientId: 'first-group-spec' };
  await ensureTopics(settings, topicSpecs(3), silentLog, { replicationFactor: 1 });
  const partitionCounts = new Map([[TOPICS.raw, 3]]);
  const producer = new RecordProducer({ settings, log: silentLog, partitionCounts });
  await producer.connect();
  await producer.send(TOPICS.raw, PARTITION, [{ value: 'a\n', headers: {} }]);
  await producer.disconnect();
  const read: string[] = [];
  const missing = await readRecords(
    settings,
    { topic: TOPICS.raw, offsets: new Map([[PARTITION, ['0']]]) },
    ({ record }) => Promise.resolve(void read.push(record.value.toString())),
    silentLog,
  );
  expect({ read, missing }).toEqual({ read: ['a\n'], missing: [] });
});
