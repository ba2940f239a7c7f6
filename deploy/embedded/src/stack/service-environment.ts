import { join } from 'node:path';
import type { ClickHouseSettings } from '@rollcall/clickhouse';
import type { KafkaSettings } from '@rollcall/kafka';
import type { Login } from '../credentials.ts';
import { processEnvironment } from '../environment.config.ts';
import type { RollcallOptions } from './rollcall-options.ts';
import type { ServiceName } from './service-bundles.ts';

/** What the services stand on. */
export interface Backends {
  readonly kafka: KafkaSettings;
  /** As the sink logs in. */
  readonly clickhouse: ClickHouseSettings;
  /** Who reads for people. With a ClickHouse of your own it is the user that you gave. */
  readonly reader: Login;
  /** For erasure. With a ClickHouse of your own it is done as the user that you gave. */
  readonly erasure: { readonly eraser: Login; readonly receipts: Login };
}

/** Name of the file, in the data directory, of the token that operators sign in and replay with. */
export const ADMIN_TOKEN_FILE = 'admin-token';

/** Name of the file, in the data directory, of the secret that receipts of erasures are made with. */
export const RECEIPT_KEY_FILE = 'receipt-key';

function own(
  service: ServiceName,
  options: RollcallOptions,
  { clickhouse, erasure, reader }: Backends,
): Record<string, string> {
  const { ports, dataDir, catalogueDir, keyringFile, proxies } = options;
  switch (service) {
    case 'gateway':
      return {
        GATEWAY_PORT: String(ports.gateway),
        CATALOGUE_DIR: catalogueDir,
        ROLLCALL_WRITE_KEYS_FILE: join(dataDir, 'write-keys.json'),
        GATEWAY_RECEIPT_KEY_FILE: join(dataDir, RECEIPT_KEY_FILE),
        CLICKHOUSE_URL: proxies?.clickhouseUrl ?? clickhouse.url,
        GATEWAY_RECEIPTS_USER: erasure.receipts.user,
        GATEWAY_RECEIPTS_PASSWORD: erasure.receipts.password,
      };
    case 'anonymizer':
      return {
        ANONYMIZER_PORT: String(ports.anonymizer),
        ANONYMIZER_ADMIN_TOKEN_FILE: join(dataDir, ADMIN_TOKEN_FILE),
        CATALOGUE_DIR: catalogueDir,
        ROLLCALL_KEYRING_FILE: keyringFile,
      };
    case 'sink':
      return {
        SINK_PORT: String(ports.sink),
        CLICKHOUSE_URL: proxies?.clickhouseUrl ?? clickhouse.url,
        CLICKHOUSE_USER: clickhouse.username,
        CLICKHOUSE_PASSWORD: clickhouse.password,
        SINK_ERASER_USER: erasure.eraser.user,
        SINK_ERASER_PASSWORD: erasure.eraser.password,
      };
    case 'console':
      return consoleEnvironment(options, clickhouse.url, { reader, receipts: erasure.receipts });
  }
}

function consoleEnvironment(
  { ports, dataDir, catalogueDir }: RollcallOptions,
  clickhouseUrl: string,
  { reader, receipts }: { readonly reader: Login; readonly receipts: Login },
): Record<string, string> {
  return {
    CONSOLE_PORT: String(ports.console),
    CATALOGUE_DIR: catalogueDir,
    CONSOLE_ADMIN_TOKEN_FILE: join(dataDir, ADMIN_TOKEN_FILE),
    CONSOLE_GATEWAY_URL: `http://127.0.0.1:${ports.gateway}`,
    CONSOLE_PUBLIC_GATEWAY_URL: `http://127.0.0.1:${ports.gateway}`,
    CONSOLE_ANONYMIZER_URL: `http://127.0.0.1:${ports.anonymizer}`,
    CONSOLE_SINK_URL: `http://127.0.0.1:${ports.sink}`,
    CLICKHOUSE_URL: clickhouseUrl,
    CLICKHOUSE_USER: reader.user,
    CLICKHOUSE_PASSWORD: reader.password,
    CONSOLE_RECEIPTS_USER: receipts.user,
    CONSOLE_RECEIPTS_PASSWORD: receipts.password,
  };
}

/**
 * All of a service's environment. Only the anonymizer is told where the keys are, only the sink and
 * the console how to log in to ClickHouse; only the other three where Kafka is.
 */
export function serviceEnvironment(
  service: ServiceName,
  options: RollcallOptions,
  backends: Backends,
): Record<string, string> {
  return {
    ...processEnvironment(),
    // compiled code is kept between starts: each start is twice as fast
    NODE_COMPILE_CACHE: join(options.dataDir, 'compile-cache'),
    ...(service !== 'console' && { KAFKA_BROKERS: backends.kafka.brokers.join(',') }),
    ...options.serviceEnvironment[service],
    ...own(service, options, backends),
  };
}
