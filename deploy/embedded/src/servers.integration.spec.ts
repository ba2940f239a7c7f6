import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicSpecs, TOPICS } from '@rollcall/contracts-transport';
import { awaitKafka, awaitTopics, ensureTopics } from '@rollcall/kafka';
import { freePorts, isPortFree } from './ports.ts';
import { residentBytes } from './resident.ts';
import { startClickHouse, startKafka, type ClickHouseServer, type KafkaServer } from './servers.ts';
import { sharedKafkaLibsDir } from './stack/repository.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MEBIBYTE = 1_048_576;
let dataDir = '';
let ports: number[] = [];
let kafka: KafkaServer;
let clickhouse: ClickHouseServer;

async function start(): Promise<void> {
  const [port = 0, controllerPort = 0, httpPort = 0, tcpPort = 0] = ports;
  [kafka, clickhouse] = await Promise.all([
    startKafka({ dataDir, port, controllerPort, libsDir: sharedKafkaLibsDir }),
    startClickHouse({ dataDir, httpPort, tcpPort }),
  ]);
}

async function stop(): Promise<void> {
  await Promise.all([kafka.stop(), clickhouse.stop()]);
}

async function query(user: string, password: string, sql: string): Promise<string> {
  const response = await fetch(clickhouse.url, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, Connection: 'close' },
  });
  return (await response.text()).trim();
}

const asAdmin = (sql: string): Promise<string> =>
  query('admin', clickhouse.credentials.clickhouse.admin.password, sql);
const asAnalyst = (sql: string): Promise<string> =>
  query('analyst', clickhouse.credentials.clickhouse.analyst.password, sql);

async function topicCount(): Promise<number> {
  const settings = { brokers: kafka.brokers, clientId: 'embedded-test' };
  await awaitKafka(settings, silent, 10_000);
  return (await awaitTopics(settings, Object.values(TOPICS), silent)).size;
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rollcall-embedded-'));
  ports = await freePorts(4);
  await start();
});

afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the embedded servers', () => {
  it('keep what they were given, when they are killed by force and come back', async () => {
    const settings = { brokers: kafka.brokers, clientId: 'embedded-test' };
    await ensureTopics(settings, topicSpecs(2), silent, { replicationFactor: 1 });
    await asAdmin('CREATE TABLE default.kept (n UInt32) ENGINE = MergeTree ORDER BY n');
    await asAdmin('INSERT INTO default.kept VALUES (41), (42)');
    await Promise.all(
      [kafka.process, clickhouse.process].map(async (process) => {
        await process.kill('SIGKILL');
        await process.whenReady();
      }),
    );
    expect(await asAdmin('SELECT sum(n) FROM default.kept')).toBe('83');
    expect(await topicCount()).toBe(4);
  });

  it('keep it when they are stopped and started, and are quick about it', async () => {
    await stop();
    expect(await Promise.all(ports.map((port) => isPortFree(port)))).not.toContain(false);
    const startedAt = Date.now();
    await start();
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    expect(await asAdmin('SELECT count() FROM default.kept')).toBe('2');
    expect(await topicCount()).toBe(4);
  });

  it('hold little memory while nothing happens', () => {
    const bytes = [kafka, clickhouse].map(({ process }) => residentBytes(process.pid ?? 0) ?? 0);
    expect(Math.max(...bytes)).toBeLessThan(600 * MEBIBYTE);
  });
});

describe('the users of the embedded ClickHouse', () => {
  it.each([
    'SHOW DATABASES',
    'SYSTEM STOP LISTEN HTTP',
    `SELECT * FROM file('/etc/passwd', 'JSONEachRow')`,
    `DESCRIBE file('/etc/passwd', 'JSONEachRow')`,
    `INSERT INTO FUNCTION null('line String') FROM INFILE '/etc/passwd' FORMAT LineAsString`,
  ])('do not include the engine’s own, which has no password: %s', async (sql) => {
    expect(await query('default', '', sql)).toMatch(
      /QUOTA_EXCEEDED|ACCESS_DENIED|filesystem_error/,
    );
  });

  it('need their passwords', async () => {
    expect(await query('admin', 'guess', 'SELECT 1')).toContain('AUTHENTICATION_FAILED');
  });

  it.each([
    ['write', 'CREATE TABLE rollcall.x (n UInt8) ENGINE = Memory'],
    ['read other databases', 'SELECT * FROM default.kept'],
    ['read files', `SELECT file('/etc/passwd')`],
    ['read tables of files', `SELECT * FROM file('/etc/passwd', 'LineAsString')`],
    ['reach other hosts', `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`],
    ['take more memory', 'SET max_memory_usage = 9000000000'],
    ['take more time', 'SELECT 1 SETTINGS max_execution_time = 600'],
    ['take any time', 'SELECT 1 SETTINGS max_execution_time = 0'],
  ])('let the analyst not %s', async (_what, sql) => {
    expect(await asAnalyst(sql)).toMatch(
      /ACCESS_DENIED|SETTING_CONSTRAINT_VIOLATION|filesystem_error/,
    );
  });
});
