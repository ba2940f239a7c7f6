import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '@rollcall/catalogue';
import type { EventRow } from '@rollcall/contracts-anonymized';
import {
  HEADERS,
  TOPICS,
  isTableName,
  topicSpecs,
  type TableName,
} from '@rollcall/contracts-transport';
import { RecordProducer, createKafka } from '@rollcall/kafka';
import { createLog, createRegistry, type Service } from '@rollcall/service-kit';
import { createRecordingLog, silentLog, testServers } from '@rollcall/testing';
import { createAnonymizerService } from './anonymizer.app.ts';
import { AnonymizerConfigSchema } from './anonymizer.config.ts';
import { buildAnonymizer } from './anonymizer.module.ts';

const CATALOGUE_DIR = join(import.meta.dirname, '../../../catalogue');

export const kafkaSettings = () => ({
  brokers: testServers().brokers,
  clientId: 'anonymizer-spec',
});

/** A data folder with keys for every project of the shipped catalogue. Remove it at the end. */
export async function makeDataDir(): Promise<{ readonly path: string; remove(): void }> {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-anonymizer-'));
  const { projects } = await loadCatalogue(CATALOGUE_DIR);
  const key = () => randomBytes(32).toString('base64');
  const entry = () => ({
    event_id_key: key(),
    epochs: [{ epoch: 1, created_at: '2026-01-01T00:00:00Z', key: key() }],
  });
  const entries = [...projects.keys()].map((project) => [project, entry()] as const);
  const keyring = { version: 1, projects: Object.fromEntries(entries) };
  writeFileSync(join(path, 'keyring.json'), JSON.stringify(keyring), { mode: 0o600 });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface RunningAnonymizer extends Service {
  /** All that it logged, as text. */
  logged(): string;
}

/** The anonymizer as `main.ts` builds it, for a free port; not started. */
export async function createAnonymizer(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningAnonymizer> {
  const config = AnonymizerConfigSchema.parse({
    KAFKA_BROKERS: testServers().brokers.join(','),
    ROLLCALL_DATA_DIR: dataDir,
    ANONYMIZER_PORT: '0',
    ANONYMIZER_FETCH_MAX_WAIT_MS: '50',
    ...settings,
  });
  const recorder = createRecordingLog();
  const log = { ...recorder, pino: createLog('anonymizer', 'silent').pino };
  const catalogue = await loadCatalogue(CATALOGUE_DIR);
  const parts = buildAnonymizer(config, { catalogue, registry: createRegistry(), log });
  const service = await createAnonymizerService(config, parts, log);
  return { ...service, logged: () => recorder.text() };
}

/** The same, consuming. */
export async function startAnonymizer(
  ...[dataDir, settings]: Parameters<typeof createAnonymizer>
): Promise<RunningAnonymizer> {
  const service = await createAnonymizer(dataDir, settings);
  await service.start();
  return service;
}

export async function connectProducer(): Promise<RecordProducer> {
  const partitionCounts = new Map(
    topicSpecs(3).map((spec) => [spec.topic as string, spec.partitionCount]),
  );
  const producer = new RecordProducer({
    settings: kafkaSettings(),
    log: silentLog,
    partitionCounts,
  });
  await producer.connect();
  return producer;
}

/** A record that came out of the anonymizer. */
interface SeenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly table: TableName;
  readonly value: Buffer;
}

/** Every record of the anonymized and the rejected topic, as they come. */
export class OutputReader {
  readonly records: SeenRecord[] = [];
  readonly #consumer = createKafka(kafkaSettings(), silentLog).consumer({
    groupId: randomUUID(),
    maxWaitTimeInMs: 50,
  });

  async start(): Promise<void> {
    const topics = [TOPICS.anonymized, TOPICS.rejected];
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics, fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ topic, partition, message: { value, headers } }) => {
        const table = headers?.[HEADERS.table]?.toString() ?? '';
        if (isTableName(table) && value !== null)
          this.records.push({ topic, partition, table, value });
      },
    });
  }

  stop(): Promise<void> {
    return this.#consumer.disconnect();
  }

  rowsOf<Row>(topic: string, table: TableName): Row[] {
    return this.records
      .filter((record) => record.topic === topic && record.table === table)
      .flatMap(({ value }) => value.toString().trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as Row);
  }

  /** Rows of events that were received at an instant that only one test uses. */
  eventsAt(receivedAt: number): EventRow[] {
    return this.rowsOf<EventRow>(TOPICS.anonymized, 'events').filter(
      (row) => row.received_at === textOf(receivedAt),
    );
  }
}

/** An instant as rows have it. */
export const textOf = (epochMs: number): string =>
  new Date(epochMs).toISOString().slice(0, -1).replace('T', ' ');

/** A raw event of a project that the catalogue has. */
export function rawEvent(fields: object): object {
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
