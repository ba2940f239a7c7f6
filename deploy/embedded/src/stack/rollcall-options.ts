import type { ClickHouseSettings } from '@rollcall/clickhouse';
import type { KafkaSettings } from '@rollcall/kafka';
import type { ProxiedListener } from '../kafka/broker-properties.ts';
import type { ProcessNews } from '../process/supervised-process.ts';
import type { Progress } from '../progress.ts';
import type { ServiceName } from './service-bundles.ts';

/** Where each part listens. */
export interface RollcallPorts {
  readonly gateway: number;
  readonly console: number;
  readonly anonymizer: number;
  readonly sink: number;
  readonly clickhouseHttp: number;
  readonly clickhouseTcp: number;
  readonly kafka: number;
  readonly kafkaController: number;
}

/** The variable that changes each port. */
export const PORT_VARIABLES: Readonly<Record<keyof RollcallPorts, string>> = {
  gateway: 'GATEWAY_PORT',
  console: 'CONSOLE_PORT',
  anonymizer: 'ANONYMIZER_PORT',
  sink: 'SINK_PORT',
  clickhouseHttp: 'CLICKHOUSE_HTTP_PORT',
  clickhouseTcp: 'CLICKHOUSE_TCP_PORT',
  kafka: 'KAFKA_PORT',
  kafkaController: 'KAFKA_CONTROLLER_PORT',
};

/** Everything a whole Rollcall is started with. */
export interface RollcallOptions {
  /** Holds all state: topics, tables, keys, passwords, logs. */
  readonly dataDir: string;
  readonly ports: RollcallPorts;
  readonly catalogueDir: string;
  readonly keyringFile: string;
  readonly kafkaLibsDir: string;
  readonly partitionCount: number;
  /** Variables for each service beyond those it needs: limits, log level. */
  readonly serviceEnvironment: Readonly<
    Partial<Record<ServiceName, Readonly<Record<string, string>>>>
  >;
  /** Which services are started, in this order. */
  readonly services: readonly ServiceName[];
  /** Your own Kafka; none is started then. */
  readonly kafka?: KafkaSettings | undefined;
  /** Your own ClickHouse; none is started then. */
  readonly clickhouse?:
    (ClickHouseSettings & { readonly cluster?: string | undefined }) | undefined;
  /**
   * For faults between the services and what they stand on: listeners of the embedded Kafka behind proxies, to be named
   * to the services by `serviceEnvironment`; and where the sink reaches the embedded ClickHouse.
   */
  readonly proxies?:
    { readonly kafka: readonly ProxiedListener[]; readonly clickhouseUrl: string } | undefined;
  readonly progress: Progress;
  readonly news: ProcessNews;
  /** Called when all of it has ended. */
  readonly stopped?: () => void;
}
