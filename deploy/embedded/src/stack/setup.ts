import { createHash, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createClickHouse, migrate, type ClickHouseSettings } from '@rollcall/clickhouse';
import { topicSpecs } from '@rollcall/contracts-transport';
import { awaitKafka, ensureTopics, type KafkaSettings } from '@rollcall/kafka';
import type { Credentials } from '../credentials.ts';

const KAFKA_DEADLINE_MS = 30_000;
/** What a broker replaces by its own default. */
const BROKER_DEFAULT = -1;
const RECEIPT_KEY_BYTES = 32;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Makes the topics that are missing. `isOwn`: on the one embedded broker. */
export async function setUpTopics(
  settings: KafkaSettings,
  partitionCount: number,
  isOwn: boolean,
): Promise<void> {
  await awaitKafka(settings, silent, KAFKA_DEADLINE_MS);
  const replicationFactor = isOwn ? 1 : BROKER_DEFAULT;
  await ensureTopics(settings, topicSpecs(partitionCount), silent, { replicationFactor });
}

/** Brings the tables to this version. */
export async function setUpTables(
  settings: ClickHouseSettings & { readonly cluster?: string | undefined },
): Promise<void> {
  const client = createClickHouse(settings);
  try {
    await migrate(client, { log: silent, cluster: settings.cluster });
  } finally {
    await client.close();
  }
}

/** Writes the token that operators sign in to the console with, for the console and the anonymizer to read. */
export function writeAdminToken(file: string, { gateway }: Credentials): void {
  writeFileSync(file, `${gateway.admin_token}\n`, { mode: 0o600 });
}

/** Writes the sums of this installation's own write keys, which the gateway accepts beside the catalogue's. */
export function writeWriteKeys(file: string, { projects }: Credentials): void {
  const sum = (key: string): string => createHash('sha256').update(key).digest('hex');
  const sums = {
    kusk: [sum(projects.kusk.write_key)],
    glasskube: [sum(projects.glasskube.api_key)],
  };
  writeFileSync(file, `${JSON.stringify(sums, undefined, 2)}\n`, { mode: 0o600 });
}

/** Makes the secret of receipts of erasures, for the owner alone. One that is there stays: it knows the receipts given. */
export function ensureReceiptKey(file: string): void {
  if (existsSync(file)) return;
  writeFileSync(file, randomBytes(RECEIPT_KEY_BYTES), { mode: 0o600, flag: 'wx' });
}
