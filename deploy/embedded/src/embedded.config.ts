import { join, resolve } from 'node:path';
import { z } from 'zod';
import { clickhouseEnvShape, toClickHouseSettings } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import { kafkaEnvShape, toKafkaSettings } from '@rollcall/kafka';
import { pickEnvironment } from './environment.config.ts';
import type { RollcallOptions } from './stack/rollcall-options.ts';
import { SERVICES, type ServiceName } from './stack/service-bundles.ts';

const port = z.coerce.number().int().min(1).max(65_535);

/** Everything that can be set from outside. What a service reads beyond that is passed on to it. */
export const EmbeddedConfigSchema = z.object({
  ROLLCALL_DATA_DIR: z
    .string()
    .default('.rollcall')
    .meta({ description: 'Folder of all state of the embedded mode' }),
  ROLLCALL_PARTITIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(6)
    .meta({ description: 'Partitions of the topics, when they are made' }),
  ROLLCALL_KEYRING_FILE: z.string().optional().meta({
    description: 'File of the pseudonym keys; keyring.json in the data folder unless set',
  }),
  ROLLCALL_KAFKA_LIBS_DIR: z.string().optional().meta({
    description: 'Folder of the jars of Kafka; in the data folder unless set',
  }),
  CATALOGUE_DIR: z
    .string()
    .default('catalogue')
    .meta({ description: 'Folder of the catalogue files' }),
  ROLLCALL_SPOOL: z.enum(['on', 'off']).default('on').meta({
    description:
      'on: the gateway keeps events in <data folder>/spool while Kafka is away; off: it answers 503 then',
  }),
  GATEWAY_PORT: port.default(8080).meta({ description: 'Port of the gateway' }),
  CONSOLE_PORT: port.default(8081).meta({ description: 'Port of the console' }),
  ANONYMIZER_PORT: port.default(9102).meta({ description: 'Port of the anonymizer’s health' }),
  SINK_PORT: port.default(9103).meta({ description: 'Port of the sink’s health' }),
  CLICKHOUSE_HTTP_PORT: port.default(8123).meta({ description: 'Port of the embedded ClickHouse' }),
  CLICKHOUSE_TCP_PORT: port
    .default(9000)
    .meta({ description: 'Native port of the embedded ClickHouse' }),
  KAFKA_PORT: port.default(9092).meta({ description: 'Port of the embedded Kafka' }),
  KAFKA_CONTROLLER_PORT: port
    .default(9093)
    .meta({ description: 'Port of the embedded Kafka’s controller' }),
  ...kafkaEnvShape,
  ...clickhouseEnvShape,
  CLICKHOUSE_USER: z
    .string()
    .optional()
    .meta({ description: 'User of your own ClickHouse; may create databases' }),
  CLICKHOUSE_PASSWORD: z
    .string()
    .optional()
    .meta({ description: 'Password of that user', secret: true }),
  CLICKHOUSE_CLUSTER: z
    .string()
    .optional()
    .meta({ description: 'Cluster to make the tables on, in your own ClickHouse' }),
});

type EmbeddedConfig = z.output<typeof EmbeddedConfigSchema>;

/** Variables of each service's own that are passed on to it as they are. */
const PASSED_ON: Readonly<Record<ServiceName, RegExp>> = {
  gateway: /^(GATEWAY_|KAFKA_SSL|KAFKA_SASL|LOG_LEVEL$|OTEL_)/,
  anonymizer: /^(ANONYMIZER_|KAFKA_SSL|KAFKA_SASL|LOG_LEVEL$|OTEL_)/,
  console: /^(CONSOLE_|CLICKHOUSE_CA_FILE$|LOG_LEVEL$|OTEL_)/,
  sink: /^(SINK_|KAFKA_SSL|KAFKA_SASL|CLICKHOUSE_CA_FILE$|LOG_LEVEL$|OTEL_)/,
};

/** @returns variables that are set on purpose beside those that a service needs. */
export function passedOn(): RollcallOptions['serviceEnvironment'] {
  return {
    gateway: pickEnvironment((name) => PASSED_ON.gateway.test(name)),
    anonymizer: pickEnvironment((name) => PASSED_ON.anonymizer.test(name)),
    sink: pickEnvironment((name) => PASSED_ON.sink.test(name)),
    console: pickEnvironment((name) => PASSED_ON.console.test(name)),
  };
}

/** A folder that was given for the gateway goes before. */
function withSpool(
  services: RollcallOptions['serviceEnvironment'],
  isOn: boolean,
  dataDir: string,
): RollcallOptions['serviceEnvironment'] {
  if (!isOn) return services;
  return {
    ...services,
    gateway: { GATEWAY_SPOOL_DIR: join(dataDir, 'spool'), ...services.gateway },
  };
}

/** What `npm start` starts, where it says nothing about how that is shown. */
export type ConfiguredOptions = Omit<RollcallOptions, 'progress' | 'news'>;

function ownKafka(env: EmbeddedConfig): RollcallOptions['kafka'] {
  if (!process.env['KAFKA_BROKERS']) return undefined;
  return toKafkaSettings(env, 'rollcall-launcher');
}

function ownClickHouse(env: EmbeddedConfig): RollcallOptions['clickhouse'] {
  if (!process.env['CLICKHOUSE_URL']) return undefined;
  const { CLICKHOUSE_USER: username, CLICKHOUSE_PASSWORD: password } = env;
  if (username === undefined || password === undefined)
    throw new RollcallError(
      'CFG_INVALID',
      'CLICKHOUSE_URL names a ClickHouse of yours: set CLICKHOUSE_USER and CLICKHOUSE_PASSWORD too',
    );
  return { ...toClickHouseSettings(env, { username, password }), cluster: env.CLICKHOUSE_CLUSTER };
}

/**
 * What to start, from the environment.
 *
 * @throws CFG_INVALID with every fault at once, by variable, never with the value
 */
export function readEmbeddedConfig(): ConfiguredOptions {
  const given = pickEnvironment((name) => process.env[name] !== '');
  const parsed = EmbeddedConfigSchema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new RollcallError('CFG_INVALID', faults.join('; '));
  }
  const env = parsed.data;
  const dataDir = resolve(env.ROLLCALL_DATA_DIR);
  return {
    dataDir,
    catalogueDir: resolve(env.CATALOGUE_DIR),
    keyringFile: resolve(env.ROLLCALL_KEYRING_FILE ?? join(dataDir, 'keyring.json')),
    kafkaLibsDir: resolve(env.ROLLCALL_KAFKA_LIBS_DIR ?? join(dataDir, 'kafka', 'libs')),
    partitionCount: env.ROLLCALL_PARTITIONS,
    ports: {
      gateway: env.GATEWAY_PORT,
      console: env.CONSOLE_PORT,
      anonymizer: env.ANONYMIZER_PORT,
      sink: env.SINK_PORT,
      clickhouseHttp: env.CLICKHOUSE_HTTP_PORT,
      clickhouseTcp: env.CLICKHOUSE_TCP_PORT,
      kafka: env.KAFKA_PORT,
      kafkaController: env.KAFKA_CONTROLLER_PORT,
    },
    serviceEnvironment: withSpool(passedOn(), env.ROLLCALL_SPOOL === 'on', dataDir),
    services: SERVICES,
    kafka: ownKafka(env),
    clickhouse: ownClickHouse(env),
  };
}
