import { readFileSync } from 'node:fs';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';

/** How to reach Kafka. */
export interface KafkaSettings {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  /** Shown in broker logs and quotas. */
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions | undefined;
}

const isTrue = z.stringbool().default(false);

/** The `KAFKA_*` variables of every service; spread into the service's own settings schema. */
export const kafkaEnvShape = {
  /** Comma-separated `host:port`. */
  KAFKA_BROKERS: z
    .string()
    .default('127.0.0.1:9092')
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .refine(
      (brokers) => brokers.every((broker) => /^[^\s:]+:\d+$/.test(broker)),
      'comma-separated host:port',
    )
    .meta({ description: 'Kafka brokers, comma-separated host:port' }),
  KAFKA_SSL: isTrue.meta({ description: 'Connect with TLS' }),
  KAFKA_SSL_CA_FILE: z
    .string()
    .optional()
    .meta({ description: 'PEM file of the authority that signed the brokers' }),
  KAFKA_SSL_CERT_FILE: z
    .string()
    .optional()
    .meta({ description: 'PEM file of the client certificate' }),
  KAFKA_SSL_KEY_FILE: z.string().optional().meta({ description: 'PEM file of the client key' }),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .meta({ description: 'SASL mechanism; without it none is used' }),
  KAFKA_SASL_USERNAME: z.string().optional().meta({ description: 'SASL user' }),
  KAFKA_SASL_PASSWORD: z.string().optional().meta({ description: 'SASL password', secret: true }),
};

type KafkaEnv = z.output<z.ZodObject<typeof kafkaEnvShape>>;

function sslOf(env: KafkaEnv): KafkaConfig['ssl'] {
  if (!env.KAFKA_SSL) return false;
  const ca = readPem(env, 'KAFKA_SSL_CA_FILE');
  const cert = readPem(env, 'KAFKA_SSL_CERT_FILE');
  const key = readPem(env, 'KAFKA_SSL_KEY_FILE');
  return { ...(ca && { ca: [ca] }), ...(cert && { cert }), ...(key && { key }) };
}

/** Names the setting and not the file: what it holds may be a key, and where it lies is nobody else's business. */
function readPem(
  env: KafkaEnv,
  setting: 'KAFKA_SSL_CA_FILE' | 'KAFKA_SSL_CERT_FILE' | 'KAFKA_SSL_KEY_FILE',
): string | undefined {
  const file = env[setting];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new RollcallError('CFG_INVALID', `${setting}: its file cannot be read (${reason})`);
  }
}

/**
 * Connection settings from the checked variables.
 *
 * @throws CFG_INVALID when a named PEM file cannot be read: start-up stops there.
 */
export function toKafkaSettings(env: KafkaEnv, clientId: string): KafkaSettings {
  const mechanism = env.KAFKA_SASL_MECHANISM;
  const sasl =
    mechanism === undefined
      ? undefined
      : ({
          mechanism,
          username: env.KAFKA_SASL_USERNAME ?? '',
          password: env.KAFKA_SASL_PASSWORD ?? '',
        } as SASLOptions);
  return { brokers: env.KAFKA_BROKERS, clientId, ssl: sslOf(env), sasl };
}
