import { z } from 'zod';
import { clickhouseEnvShape } from '@rollcall/clickhouse';
import { loadConfig, portFromEnv, secretFromEnv, serviceEnvShape } from '@rollcall/service-kit';

const url = z.url({ protocol: /^https?$/ });

/** Everything that can be set from outside. */
export const ConsoleConfigSchema = z.object({
  ...serviceEnvShape,
  ...clickhouseEnvShape,
  CLICKHOUSE_USER: z
    .string()
    .default('analyst')
    .meta({ description: 'User that may read the tables and views, and no more' }),
  CLICKHOUSE_PASSWORD: secretFromEnv.meta({ description: 'Password of that user' }),
  CONSOLE_RECEIPTS_USER: z
    .string()
    .default('receipts')
    .meta({ description: 'User that may read how far erasures are, and no more' }),
  CONSOLE_RECEIPTS_PASSWORD: secretFromEnv.optional().meta({
    description: 'Password of that user; without it no erasures are shown',
    secret: true,
  }),
  CONSOLE_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address to listen on; loopback unless told otherwise' }),
  CONSOLE_PORT: portFromEnv.default(8081).meta({ description: 'Port to listen on' }),
  CATALOGUE_DIR: z
    .string()
    .default('catalogue')
    .meta({ description: 'Folder of the catalogue files' }),
  CONSOLE_ADMIN_TOKEN_FILE: z.string().optional().meta({
    description:
      'File of the token to sign in with, which the anonymizer is asked for replays with too; without it nobody can sign in',
  }),
  CONSOLE_SECURE_COOKIE: z
    .enum(['on', 'off'])
    .default('off')
    .meta({ description: 'on: browsers send the session by https only; set it behind TLS' }),
  CONSOLE_REFRESH_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(60_000)
    .meta({ description: 'Age at which a public figure is asked for again' }),
  CONSOLE_GATEWAY_URL: url
    .default('http://127.0.0.1:8080')
    .meta({ description: 'Gateway, as the console reaches it, for its metrics' }),
  CONSOLE_PUBLIC_GATEWAY_URL: url.optional().meta({
    description:
      'Gateway, as people reach it; privacy pages lead to its form for erasure, without it they have no link',
  }),
  CONSOLE_ANONYMIZER_URL: url
    .default('http://127.0.0.1:9102')
    .meta({ description: 'Anonymizer, as the console reaches it, for its metrics and replays' }),
  CONSOLE_SINK_URL: url
    .default('http://127.0.0.1:9103')
    .meta({ description: 'Sink, as the console reaches it, for its metrics' }),
  CONSOLE_OVERVIEW_PROJECT: z
    .string()
    .default('cozystack')
    .meta({ description: 'Project that /api/overview is of' }),
  CONSOLE_WEB_DIR: z
    .string()
    .optional()
    .meta({ description: 'Folder of the built pages; beside the program unless set' }),
});

export type ConsoleConfig = Readonly<z.output<typeof ConsoleConfigSchema>>;

export function readConsoleConfig(): ConsoleConfig {
  return loadConfig(ConsoleConfigSchema, process.env);
}
