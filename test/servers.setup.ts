import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createClickHouse, migrate } from '@rollcall/clickhouse';
import { topicSpecs } from '@rollcall/contracts-transport';
import { freePorts, sharedKafkaLibsDir, startClickHouse, startKafka } from '@rollcall/embedded';
import { ensureTopics } from '@rollcall/kafka';
import { silentLog, type TestServers } from '@rollcall/testing';

const PARTITION_COUNT = 3;

async function makeTopics(brokers: readonly string[]): Promise<void> {
  const settings = { brokers, clientId: 'rollcall-tests' };
  await ensureTopics(settings, topicSpecs(PARTITION_COUNT), silentLog, { replicationFactor: 1 });
}

async function makeTables(url: string, admin: TestServers['clickhouse']['admin']): Promise<void> {
  const client = createClickHouse({ url, username: admin.user, password: admin.password });
  await migrate(client, { log: silentLog });
  await client.close();
}

/**
 * Runs once before the integration tests: a real Kafka with Rollcall's topics and a real ClickHouse with its tables,
 * on free ports and in a directory of their own. Everything is stopped and removed after the last test.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-servers-'));
  const [port = 0, controllerPort = 0, httpPort = 0, tcpPort = 0] = await freePorts(4);
  const [kafka, clickhouse] = await Promise.all([
    startKafka({ dataDir, port, controllerPort, libsDir: sharedKafkaLibsDir }),
    startClickHouse({ dataDir, httpPort, tcpPort }),
  ]);
  const { admin, sink, analyst, eraser, receipts } = clickhouse.credentials.clickhouse;
  await Promise.all([makeTopics(kafka.brokers), makeTables(clickhouse.url, admin)]);
  project.provide('servers', {
    brokers: kafka.brokers,
    clickhouse: { url: clickhouse.url, tcpPort, admin, sink, analyst, eraser, receipts },
  });
  return async () => {
    await Promise.all([kafka.stop(), clickhouse.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  };
}
