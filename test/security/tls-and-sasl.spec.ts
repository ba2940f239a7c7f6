import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPLAYABLE_TOPICS, TOPICS, topicSpecs } from '@rollcall/contracts-transport';
import { bundleOf, freePorts, startClickHouse, startRollcall } from '@rollcall/embedded';
import type { RollcallStack, ServiceName } from '@rollcall/embedded';
import { createKafka, ensureTopics, replayRecords, type KafkaSettings } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask } from '../replay/analyst.ts';
import { makeCertificate, type Certificate } from './certificate.ts';
import { passwordOf, startSecureBroker, type SecureBroker } from './secure-broker.ts';
import { startTlsTerminator } from './tls-terminator.ts';

const directory = mkdtempSync(join(tmpdir(), 'rollcall-tls-'));
let certificate: Certificate;
let broker: SecureBroker;
let clickhouse: Awaited<ReturnType<typeof startClickHouse>>;
let terminator: Awaited<ReturnType<typeof startTlsTerminator>>;
let stack: RollcallStack;

const environmentOf = (service: ServiceName): Record<string, string> => ({
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA_FILE: certificate.caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: service,
  KAFKA_SASL_PASSWORD: passwordOf(service),
  CLICKHOUSE_CA_FILE: certificate.caFile,
});

/** ClickHouse as everybody else sees it: through TLS. */
async function startStores(): Promise<void> {
  certificate = await makeCertificate(directory, 'server');
  const [httpPort = 0, tcpPort = 0] = await freePorts(2);
  [broker, clickhouse] = await Promise.all([
    startSecureBroker(join(directory, 'kafka'), certificate),
    startClickHouse({ dataDir: join(directory, 'clickhouse'), httpPort, tcpPort }),
  ]);
  terminator = await startTlsTerminator(certificate, new URL(clickhouse.url));
  const specs = topicSpecs(2);
  await ensureTopics(broker.settingsOf('admin'), specs, silentLog, { replicationFactor: 1 });
}

beforeAll(async () => {
  await startStores();
  const { admin } = clickhouse.credentials.clickhouse;
  stack = await startRollcall({
    dataDir: join(directory, 'rollcall'),
    kafka: broker.settingsOf('admin'),
    clickhouse: {
      url: `https://127.0.0.1:${terminator.port}`,
      username: admin.user,
      password: admin.password,
      ca: readFileSync(certificate.caFile, 'utf8'),
    },
    serviceEnvironment: {
      gateway: environmentOf('gateway'),
      anonymizer: environmentOf('anonymizer'),
      sink: environmentOf('sink'),
    },
  });
});
afterAll(async () => {
  await stack?.stop();
  terminator?.stop();
  await Promise.all([clickhouse?.stop(), broker?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

/** Tries to read the raw topic. @returns `read`, or Kafka's reason against it */
async function readingOf(settings: KafkaSettings, groupId: string): Promise<string> {
  const consumer = createKafka(settings, silentLog, 0).consumer({ groupId });
  const { CRASH, FETCH } = consumer.events;
  const reasonOf = (error: unknown): string =>
    error instanceof Error ? error.message : 'no error';
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: TOPICS.raw, fromBeginning: true });
    const outcome = new Promise<string>((resolve) => {
      consumer.on(CRASH, ({ payload }) => resolve(reasonOf(payload.error)));
      consumer.on(FETCH, () => resolve('read'));
    });
    await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    return await outcome;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await consumer.disconnect();
  }
}

describe('with TLS, SASL and rules for each service', () => {
  it('an event goes from the gateway to ClickHouse', async () => {
    const answer = await fetch(`${stack.urlOf('gateway')}/p/kamaji/stats`, {
      method: 'POST',
      body: '{"uuid":"secure","kamaji_version":"v1.0.0","kubernetes_version":"v1.33.1","running":1}',
    });
    expect(answer.status).toBe(200);
    const login = clickhouse.credentials.clickhouse.analyst;
    const count = () =>
      ask<{ n: string }>(
        { url: clickhouse.url, login },
        'SELECT count() AS n FROM rollcall.events',
        {},
      );
    await vi.waitFor(async () => expect(Number((await count())[0]?.n)).toBe(1), 30_000);
  });

  it('only the anonymizer can read the raw topic', async () => {
    const groupId = 'probe';
    // may join a group as all may here, so that what is refused is the topic and not the group
    await broker.allowGroup(groupId, ['gateway', 'sink', 'anonymizer']);
    const reading = (user: string) => readingOf(broker.settingsOf(user), groupId);
    expect(await reading('gateway')).toContain('Topic authorization failed');
    expect(await reading('sink')).toContain('Topic authorization failed');
    expect(await reading('anonymizer')).toBe('read');
  });

  it('only the anonymizer can take its transactional ids and write rows', async () => {
    const mayTransact = async (user: string): Promise<boolean> => {
      // a partition that does not exist, so that nobody is fenced off
      const transactionalId = `rollcall-anonymizer-${TOPICS.raw}-99`;
      const kafka = createKafka(broker.settingsOf(user), silentLog, 0);
      const producer = kafka.producer({ transactionalId });
      await producer.connect();
      try {
        const transaction = await producer.transaction();
        await transaction.send({ topic: TOPICS.anonymized, messages: [{ value: '' }] });
        await transaction.abort();
        return true;
      } catch {
        return false;
      } finally {
        await producer.disconnect();
      }
    };
    expect(await mayTransact('gateway')).toBe(false);
    expect(await mayTransact('sink')).toBe(false);
    expect(await mayTransact('anonymizer')).toBe(true);
  });

  it('only the anonymizer can replay, from the raw and from the anonymized topic', async () => {
    const { url, credentials } = clickhouse;
    const rows = await ask<{ partition: number; offset: string }>(
      { url, login: credentials.clickhouse.analyst },
      'SELECT raw_partition AS partition, toString(raw_offset) AS offset FROM rollcall.events LIMIT 1',
    );
    const [row = { partition: -1, offset: '' }] = rows;
    // the first row of a partition lies at its beginning
    const places = { [TOPICS.raw]: row, [TOPICS.anonymized]: { ...row, offset: '0' } };
    for (const topic of REPLAYABLE_TOPICS) {
      const replay = { topic, refused: [{ ...places[topic], index: 0 }], isDry: false };
      const as = (user: string) => replayRecords(replay, broker.settingsOf(user), silentLog);
      expect(await as('anonymizer')).toMatchObject({ wantedCount: 1, lineCount: 1, missing: [] });
      // the one is refused the group to read with, the other the topic
      for (const user of ['gateway', 'sink'])
        await expect(as(user)).rejects.toThrow(/group coordinator|not authorized/i);
    }
  });
});

type Changes = Readonly<Record<string, string | undefined>>;

async function startAlone(service: ServiceName, changes: Changes) {
  const [port = 0] = await freePorts(1);
  const env = { ...stack.environmentOf(service), ...changes };
  return spawn(process.execPath, [bundleOf(service)], {
    env: { ...env, [`${service.toUpperCase()}_PORT`]: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Starts a service that cannot go on. @returns its exit code and all that it said */
async function failedStart(
  service: ServiceName,
  changes: Changes,
): Promise<{ code: number | null; log: string }> {
  const child = await startAlone(service, changes);
  let log = '';
  child.stdout.on('data', (bytes: Buffer) => (log += bytes.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), 40_000);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(limit);
  return { code, log };
}

describe.each(['gateway', 'anonymizer', 'sink'] as const)('the %s', (service) => {
  it('ends with a code, and without the password, when Kafka does not know its password', async () => {
    const { code, log } = await failedStart(service, { KAFKA_SASL_PASSWORD: 'not-the-password' });
    expect(code).toBe(1);
    expect(log).toContain('KFK_DENIED');
    expect(log).not.toContain('not-the-password');
  });

  it('ends with a code when it does not trust the broker’s certificate', async () => {
    const other = await makeCertificate(directory, `stranger-of-${service}`);
    const { code, log } = await failedStart(service, { KAFKA_SSL_CA_FILE: other.caFile });
    expect(code).toBe(1);
    expect(log).toContain('KFK_UNTRUSTED');
  });
});

it.each(['another authority', 'none'])(
  'the sink ends with a code when it cannot check the certificate of ClickHouse: %s',
  async (which) => {
    const { caFile } = await makeCertificate(directory, `stranger ${which}`);
    const changes = { CLICKHOUSE_CA_FILE: which === 'none' ? undefined : caFile };
    const { code, log } = await failedStart('sink', changes);
    expect(code).toBe(1);
    expect(log).toMatch(/CH_UNTRUSTED.*DEPTH_ZERO_SELF_SIGNED_CERT.*CLICKHOUSE_CA_FILE/);
  },
);

it.each(['KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE', 'CLICKHOUSE_CA_FILE'])(
  'a service ends with a code that names the setting when the file of %s is not there',
  async (setting) => {
    const file = join(directory, 'nothing-here.pem');
    const { code, log } = await failedStart('sink', { [setting]: file });
    expect(code).toBe(1);
    expect(log).toMatch(new RegExp(`CFG_INVALID.*${setting}.*ENOENT`));
    expect(log).not.toContain(file);
  },
);
