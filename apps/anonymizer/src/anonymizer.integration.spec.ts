import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue, type Catalogue } from '@rollcall/catalogue';
import { createClickHouse } from '@rollcall/clickhouse';
import type { EventRow, MetricSampleRow } from '@rollcall/contracts-anonymized';
import {
  HEADERS,
  TOPICS,
  isTableName,
  topicSpecs,
  type Rejection,
  type TableName,
} from '@rollcall/contracts-transport';
import { RecordProducer, createKafka } from '@rollcall/kafka';
import { createLog, createRegistry, type Service } from '@rollcall/service-kit';
import { silentLog, testServers } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAnonymizerService } from './anonymizer.app.ts';
import { AnonymizerConfigSchema } from './anonymizer.config.ts';
import { buildAnonymizer } from './anonymizer.module.ts';

const PARTITION = 1;
const CATALOGUE_DIR = join(import.meta.dirname, '../../../catalogue');

let directory: string;
let catalogue: Catalogue;
let producer: RecordProducer;
let service: Service;
let reader: ReturnType<ReturnType<typeof createKafka>['consumer']>;
/** Every record of the anonymized and the rejected topic, as they come. */
const records: { topic: string; partition: number; table: TableName; value: Buffer }[] = [];

const settings = () => ({ brokers: testServers().brokers, clientId: 'anonymizer-spec' });

function writeKeyring(file: string, projects: Iterable<string>): void {
  const key = () => randomBytes(32).toString('base64');
  const entry = () => ({
    event_id_key: key(),
    epochs: [{ epoch: 1, created_at: '2026-01-01T00:00:00Z', key: key() }],
  });
  const entries = [...projects].map((project) => [project, entry()] as const);
  writeFileSync(file, JSON.stringify({ version: 1, projects: Object.fromEntries(entries) }), {
    mode: 0o600,
  });
}

/** The anonymizer as `main.ts` builds it, on a free port. */
async function startAnonymizer(): Promise<Service> {
  const config = AnonymizerConfigSchema.parse({
    LOG_LEVEL: 'silent',
    KAFKA_BROKERS: testServers().brokers.join(','),
    ROLLCALL_DATA_DIR: directory,
    ANONYMIZER_PORT: '0',
    ANONYMIZER_FETCH_MAX_WAIT_MS: '50',
  });
  const log = createLog('anonymizer', config.LOG_LEVEL);
  const parts = buildAnonymizer(config, { catalogue, registry: createRegistry(), log });
  const started = await createAnonymizerService(config, parts, log);
  await started.start();
  return started;
}

async function startReader(): Promise<void> {
  reader = createKafka(settings(), silentLog).consumer({
    groupId: randomUUID(),
    maxWaitTimeInMs: 50,
  });
  await reader.connect();
  await reader.subscribe({ topics: [TOPICS.anonymized, TOPICS.rejected], fromBeginning: true });
  await reader.run({
    eachMessage: async ({ topic, partition, message: { value, headers } }) => {
      const table = headers?.[HEADERS.table]?.toString() ?? '';
      if (isTableName(table) && value !== null) records.push({ topic, partition, table, value });
    },
  });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-anonymizer-'));
  catalogue = await loadCatalogue(CATALOGUE_DIR);
  writeKeyring(join(directory, 'keyring.json'), catalogue.projects.keys());
  const partitionCounts = new Map(
    topicSpecs(3).map((spec) => [spec.topic as string, spec.partitionCount]),
  );
  producer = new RecordProducer({ settings: settings(), log: silentLog, partitionCounts });
  await Promise.all([producer.connect(), startReader()]);
  service = await startAnonymizer();
});
afterAll(async () => {
  await Promise.all([service.app.close(), reader.disconnect(), producer.disconnect()]);
  rmSync(directory, { recursive: true, force: true });
});

function rawEvent(fields: object): object {
  return {
    project: 'kamaji',
    dialect: 'kamaji',
    event: 'stats',
    event_id: randomUUID(),
    installation_id: randomUUID(),
    occurred_at: null,
    received_at: Date.now(),
    properties: { kamaji_version: 'v1.0.0', tenant_control_plane: { running: 7 } },
    ...fields,
  };
}

function produce(lines: readonly (object | string)[]): Promise<void> {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const headers = { [HEADERS.version]: '1', [HEADERS.count]: String(lines.length) };
  return producer.send(TOPICS.raw, PARTITION, [{ value: `${texts.join('\n')}\n`, headers }]);
}

function rowsOf<Row>(topic: string, table: TableName): Row[] {
  return records
    .filter((record) => record.topic === topic && record.table === table)
    .flatMap(({ value }) => value.toString().trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Row);
}

const textOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, -1).replace('T', ' ');

/** Rows of events that were received at an instant that only one test uses. */
function rowsAt(receivedAt: number): EventRow[] {
  return rowsOf<EventRow>(TOPICS.anonymized, 'events').filter(
    (row) => row.received_at === textOf(receivedAt),
  );
}

function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 30_000, interval: 50 });
}

const instant = Date.parse('2026-11-20T00:00:00Z');

describe('the anonymizer', () => {
  it('carries an event to the same partition, under a pseudonym, with its coordinates', async () => {
    const receivedAt = instant + 1;
    await produce([rawEvent({ received_at: receivedAt }), rawEvent({ received_at: receivedAt })]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(2));
    const [first, second] = rowsAt(receivedAt);
    expect(first).toMatchObject({
      project: 'kamaji',
      app_version: 'v1.0.0',
      properties: { kamaji_version: 'v1.0.0', tenant_control_plane: { running: 7 } },
      raw_partition: PARTITION,
      raw_index: 0,
    });
    expect(second).toMatchObject({ raw_offset: first?.raw_offset, raw_index: 1 });
    expect(first?.installation).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.installation).not.toBe(first?.installation);
    const own = records.filter(({ value }) => value.includes(first?.event_id ?? 'none'));
    expect(own.map(({ partition }) => partition)).toEqual([PARTITION]);
  });

  it('gives a retry the same event id and the same installation', async () => {
    const receivedAt = instant + 2;
    const event = rawEvent({ received_at: receivedAt });
    await produce([event]);
    await produce([event]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(2));
    const [first, second] = rowsAt(receivedAt);
    expect(second?.event_id).toBe(first?.event_id);
    expect(second?.installation).toBe(first?.installation);
  });

  it('leaves identifiers in no record it writes, and a rejection for each kind of refusal', async () => {
    const receivedAt = instant + 3;
    const secret = `jane-${randomUUID()}@example.org`;
    const hidden = { received_at: receivedAt, installation_id: secret };
    await produce([
      rawEvent({ ...hidden, properties: { kamaji_version: secret, [secret]: secret } }),
      rawEvent({ ...hidden, event: secret }),
      rawEvent({ ...hidden, project: secret }),
      `${secret} is no JSON`,
    ]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(1));
    const offset = rowsAt(receivedAt)[0]?.raw_offset;
    const codes = () =>
      rowsOf<Rejection>(TOPICS.rejected, 'rejections')
        // other files' services write to this topic too
        .filter(({ stage }) => stage === 'anonymizer')
        .filter((row) => row.partition === PARTITION && row.offset === offset)
        .map((row) => `${row.project} ${row.code} ${row.index}`);
    await soon(() =>
      expect(codes().toSorted()).toEqual([
        ' AN_EVENT_UNREADABLE 3',
        ' AN_PROJECT_UNKNOWN 2',
        'kamaji AN_EVENT_UNKNOWN 1',
        'kamaji AN_FIELD_UNDECLARED -1',
        'kamaji AN_FIELD_VALUE -1',
      ]),
    );
    expect(records.some(({ value }) => value.includes(secret))).toBe(false);
  });

  it('writes rows that ClickHouse takes as they are, into every table', async () => {
    const receivedAt = instant + 4;
    await produce([
      rawEvent({
        project: 'cozystack',
        dialect: 'cozystack',
        event: 'metrics',
        received_at: receivedAt,
        occurred_at: Number.MIN_SAFE_INTEGER,
        properties: { undeclared: 1 },
        samples: [
          { name: 'cozy_application_count', labels: { kind: 'Postgres' }, value: 2 },
          { name: 'cozy_nodes_count', labels: { os: 'linux (Talos (v1.10.5))' }, value: 3 },
        ],
      }),
      rawEvent({ received_at: receivedAt, properties: {} }),
    ]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(2));
    const pushed = rowsAt(receivedAt)[0]?.event_id;
    const samples = () => rowsOf<MetricSampleRow>(TOPICS.anonymized, 'metric_samples');
    await soon(() =>
      expect(samples().filter((row) => row.event_id === pushed)).toMatchObject([
        { sample_index: 0, labels: { kind: 'Postgres' }, value: 2 },
        { sample_index: 1, labels: { os: 'linux (Talos (v1.10.5))' }, value: 3 },
      ]),
    );
    const { url, sink } = testServers().clickhouse;
    const store = createClickHouse({ url, username: sink.user, password: sink.password });
    const offset = `"offset":"${rowsAt(receivedAt)[0]?.raw_offset}"`;
    const own = () =>
      records.filter(({ value }) => value.includes(textOf(receivedAt)) || value.includes(offset));
    await soon(() => expect(own().map(({ table }) => table)).toContain('rejections'));
    const outcomes = await Promise.all(
      own().map(({ table, value }) => store.insertLines(table, [value], { token: randomUUID() })),
    );
    await store.close();
    expect(new Set(own().map(({ table }) => table)).size).toBe(3);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['ok']));
  });

  it('is ready, and counts what it did', async () => {
    const url = await service.app.getUrl();
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/anonymizer_events_anonymized_total\{project="kamaji"\} \d+/);
    expect(metrics).toContain('anonymizer_keyring_usable 1');
  });

  it('goes on where it stopped', async () => {
    const receivedAt = instant + 5;
    await service.app.close();
    await produce([rawEvent({ received_at: receivedAt })]);
    service = await startAnonymizer();
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(1));
  });
});
