import { z } from 'zod';
import { kafkaEnvShape } from '@rollcall/kafka';
import { clickhouseEnvShape } from '@rollcall/clickhouse';
import { loadConfig, portFromEnv, secretFromEnv, serviceEnvShape } from '@rollcall/service-kit';

const MEBIBYTE = 1_048_576;
const bytes = z.coerce.number().int().min(1_024);
const perSecond = z.coerce.number().min(0);
const burst = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(100);

/** Everything that can be set from outside. */
export const GatewayConfigSchema = z.object({
  ...serviceEnvShape,
  ...kafkaEnvShape,
  ...clickhouseEnvShape,
  GATEWAY_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address to listen on; loopback unless told otherwise' }),
  GATEWAY_PORT: portFromEnv.default(8080).meta({ description: 'Port to listen on' }),
  CATALOGUE_DIR: z
    .string()
    .default('catalogue')
    .meta({ description: 'Folder of the catalogue files' }),
  ROLLCALL_WRITE_KEYS_FILE: z.string().optional().meta({
    description: 'JSON file {project: [sha256 of a write key]} added to the catalogue’s own',
  }),
  GATEWAY_BODY_MAX_BYTES: bytes.default(512 * 1_024).meta({ description: 'Largest body as sent' }),
  GATEWAY_INFLATED_MAX_BYTES: bytes
    .default(4 * MEBIBYTE)
    .meta({ description: 'Largest body after decompression' }),
  GATEWAY_EVENT_MAX_BYTES: bytes
    .default(64 * 1_024)
    .meta({ description: 'Largest single event, as JSON' }),
  GATEWAY_MAX_EVENTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000)
    .meta({ description: 'Most events in one request' }),
  GATEWAY_MAX_DEPTH: z.coerce
    .number()
    .int()
    .min(4)
    .max(200)
    .default(24)
    .meta({ description: 'Deepest nesting of a body' }),
  GATEWAY_REQUEST_TIMEOUT_MS: milliseconds
    .default(10_000)
    .meta({ description: 'Longest time for a whole request to arrive' }),
  GATEWAY_IDLE_TIMEOUT_MS: milliseconds
    .default(65_000)
    .meta({ description: 'Idle time before a kept connection is closed' }),
  GATEWAY_ACK_TIMEOUT_MS: milliseconds.default(4_000).meta({
    description:
      'Longest wait for Kafka’s acknowledgement before 503; below the 5 s that Kamaji waits',
  }),
  GATEWAY_RECORD_MAX_BYTES: bytes
    .default(512 * 1_024)
    .meta({ description: 'Events gathered into one record, before compression' }),
  GATEWAY_PENDING_MAX_BYTES: bytes
    .default(64 * MEBIBYTE)
    .meta({ description: 'Events waiting for Kafka before 503' }),
  GATEWAY_SENDS_UNDER_WAY: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .meta({ description: 'Produce requests under way at once' }),
  GATEWAY_SPOOL_DIR: z.string().optional().meta({
    description: 'Folder for events while Kafka is away; without it they are answered 503',
  }),
  GATEWAY_SPOOL_MAX_BYTES: bytes
    .default(256 * MEBIBYTE)
    .meta({ description: 'Events on disk before 503' }),
  GATEWAY_SPOOL_AFTER_MS: milliseconds.default(1_500).meta({
    description: 'Longest wait for Kafka’s acknowledgement before an event goes to the spool',
  }),
  GATEWAY_ADMIN_TOKEN_FILE: z.string().optional().meta({
    description: 'File of the token that /metrics asks for as Bearer; without it /metrics is open',
  }),
  GATEWAY_TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0).meta({
    description:
      'Own proxies in front; the address that limits are kept by is that many from the right of X-Forwarded-For',
  }),
  GATEWAY_RATE_ADDRESS_PER_SECOND: perSecond
    .default(200)
    .meta({ description: 'Requests per second of one address (IPv6: one /64); 0 is no limit' }),
  GATEWAY_RATE_ADDRESS_BURST: burst
    .default(2_000)
    .meta({ description: 'Requests that an address may send at once' }),
  GATEWAY_RECEIPTS_USER: z.string().default('receipts').meta({
    description: 'User of ClickHouse that may read how far erasures are, and no more',
  }),
  GATEWAY_RECEIPTS_PASSWORD: secretFromEnv.optional().meta({
    description: 'Password of that user; without it a receipt never says more than queued',
  }),
  GATEWAY_RECEIPT_KEY_FILE: z.string().optional().meta({
    description:
      'File of a secret that all gateways share, to know receipts of each other; else one for each start',
  }),
  GATEWAY_RATE_ERASURE_PER_SECOND: perSecond.default(0.1).meta({
    description:
      'Requests for erasure per second of one address to one project; a project as a whole takes 20 times that; 0 is no limit',
  }),
  GATEWAY_RATE_ERASURE_BURST: burst
    .default(5)
    .meta({ description: 'Requests for erasure that an address may send at once' }),
  GATEWAY_RATE_KEY_PER_SECOND: perSecond.default(50_000).meta({
    description:
      'Events per second of one write key, or of one project without keys; 0 is no limit',
  }),
  GATEWAY_RATE_KEY_BURST: burst
    .default(500_000)
    .meta({ description: 'Events that a write key or project may send at once' }),
});

export type GatewayConfig = Readonly<z.output<typeof GatewayConfigSchema>>;

/** Token under which the checked settings are provided. */
export const GATEWAY_CONFIG = Symbol('gateway config');

export function readGatewayConfig(): GatewayConfig {
  return loadConfig(GatewayConfigSchema, process.env);
}
