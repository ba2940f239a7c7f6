import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  clickhouseEnvShape,
  toClickHouseSettings,
  type ClickHouseSettings,
} from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import { kafkaEnvShape, toKafkaSettings, type KafkaSettings } from '@rollcall/kafka';

const port = z.coerce.number().int().min(1).max(65_535);

/** Everything that can be set from outside. Each command reads the part that it needs. */
export const CliConfigSchema = z.object({
  CATALOGUE_DIR: z
    .string()
    .default('catalogue')
    .meta({ description: 'Folder of the catalogue files' }),
  ROLLCALL_QUERIES_DIR: z
    .string()
    .default('deploy/clickhouse/queries')
    .meta({ description: 'Folder of the named queries' }),
  ROLLCALL_WRITE_KEYS_FILE: z.string().optional().meta({
    description: 'JSON file {project: [sha256 of a write key]} added to the catalogue’s own',
  }),
  ROLLCALL_DATA_DIR: z
    .string()
    .default('.rollcall')
    .meta({ description: 'Folder of the state; keyring and credentials are looked for here' }),
  ROLLCALL_KEYRING_FILE: z.string().optional().meta({
    description: 'File of the pseudonym keys; keyring.json in the data folder unless set',
  }),
  ROLLCALL_KEYRING_ALLOW_GROUP_READ: z
    .stringbool()
    .default(false)
    .meta({ description: 'Accept a keyring that its group may read (mounted secret, 0440)' }),
  ROLLCALL_GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'Where the gateway answers; this machine and GATEWAY_PORT unless set' }),
  ...kafkaEnvShape,
  KAFKA_PORT: port
    .default(9092)
    .meta({ description: 'Port of the embedded Kafka, unless KAFKA_BROKERS is set' }),
  ROLLCALL_PARTITIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(6)
    .meta({ description: 'Partitions of topics that are made' }),
  ROLLCALL_REPLICATION_FACTOR: z.coerce
    .number()
    .int()
    .min(1)
    .max(9)
    .default(1)
    .meta({ description: 'Copies of topics that are made; 3 on a cluster' }),
  ...clickhouseEnvShape,
  CLICKHOUSE_HTTP_PORT: port
    .default(8123)
    .meta({ description: 'Port of the embedded ClickHouse, unless CLICKHOUSE_URL is set' }),
  CLICKHOUSE_USER: z.string().optional().meta({
    description: 'User that may make tables; the administrator of credentials.json unless set',
  }),
  CLICKHOUSE_PASSWORD: z
    .string()
    .optional()
    .meta({ description: 'Password of that user', secret: true }),
  CLICKHOUSE_CLUSTER: z
    .string()
    .optional()
    .meta({ description: 'Cluster that tables are made on, replicated' }),
  GATEWAY_PORT: port.default(8080).meta({ description: 'Where `doctor` looks for the gateway' }),
  ANONYMIZER_PORT: port
    .default(9102)
    .meta({ description: 'Where `doctor` looks for the anonymizer' }),
  SINK_PORT: port.default(9103).meta({ description: 'Where `doctor` looks for the sink' }),
});

export type CliConfig = Readonly<z.output<typeof CliConfigSchema>>;

/**
 * Reads the settings.
 *
 * @throws CFG_INVALID with every fault at once, by variable and reason, never with the value
 */
export function readCliConfig(env: Environment = process.env): CliConfig {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = CliConfigSchema.safeParse(withEmbedded(Object.fromEntries(given)));
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new RollcallError('CFG_INVALID', faults.join('; '));
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A changed port of the embedded mode moves the default address of what listens there. */
function withEmbedded(env: Environment): Environment {
  const at = (port: string | undefined, address: string): string | undefined =>
    port !== undefined && /^\d+$/.test(port) ? `${address}:${port}` : undefined;
  return {
    ...env,
    KAFKA_BROKERS: env['KAFKA_BROKERS'] ?? at(env['KAFKA_PORT'], '127.0.0.1'),
    CLICKHOUSE_URL: env['CLICKHOUSE_URL'] ?? at(env['CLICKHOUSE_HTTP_PORT'], 'http://127.0.0.1'),
  };
}

/** Where the pseudonym keys are. */
export function keyringFile(config: CliConfig): string {
  return config.ROLLCALL_KEYRING_FILE ?? join(config.ROLLCALL_DATA_DIR, 'keyring.json');
}

/** Where the embedded mode keeps its passwords. */
export function credentialsFile(config: CliConfig): string {
  return join(config.ROLLCALL_DATA_DIR, 'credentials.json');
}

/** @throws CFG_INVALID when a named PEM file cannot be read */
export function kafkaSettings(config: CliConfig): KafkaSettings {
  return readable(() => toKafkaSettings(config, 'rollcall-cli'));
}

const CredentialsSchema = z.object({
  clickhouse: z.object({ admin: z.object({ user: z.string(), password: z.string() }) }),
});

/** @throws CFG_INVALID when a named PEM file cannot be read */
export function clickhouseSettings(config: CliConfig): ClickHouseSettings {
  const admin = config.CLICKHOUSE_USER === undefined ? embeddedAdmin(config) : undefined;
  const username = config.CLICKHOUSE_USER ?? admin?.user ?? 'default';
  const password = config.CLICKHOUSE_PASSWORD ?? admin?.password ?? '';
  return readable(() => toClickHouseSettings(config, { username, password }));
}

/** Whether the embedded mode's ClickHouse is meant, whose users are in files: nobody named a user of another one. */
export function isEmbedded(config: CliConfig): boolean {
  return config.CLICKHOUSE_USER === undefined && embeddedAdmin(config) !== undefined;
}

function embeddedAdmin(config: CliConfig): { user: string; password: string } | undefined {
  try {
    const text = readFileSync(credentialsFile(config), 'utf8');
    return CredentialsSchema.safeParse(JSON.parse(text)).data?.clickhouse.admin;
  } catch {
    // there is no embedded mode here, or no right to see its passwords
    return undefined;
  }
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RollcallError) throw cause;
    throw new RollcallError('CFG_INVALID', 'a file of keys or certificates cannot be read', {
      cause,
    });
  }
}
