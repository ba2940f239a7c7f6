import type { PortClaim } from '../checks/preflight.ts';
import { PORT_VARIABLES, type RollcallOptions, type RollcallPorts } from './rollcall-options.ts';

const PORT_OWNERS: Readonly<Record<keyof RollcallPorts, string>> = {
  gateway: 'the gateway',
  console: 'the console',
  anonymizer: 'health, metrics and replays of the anonymizer',
  sink: 'health and metrics of the sink',
  clickhouseHttp: 'ClickHouse (HTTP)',
  clickhouseTcp: 'ClickHouse (native)',
  kafka: 'Kafka',
  kafkaController: 'the controller of Kafka',
};

/** The ports that what is started here will listen on: not those of a Kafka or ClickHouse of your own. */
export function portClaims({
  ports,
  kafka,
  clickhouse,
  services,
}: Pick<RollcallOptions, 'ports' | 'kafka' | 'clickhouse' | 'services'>): PortClaim[] {
  const names = (Object.keys(ports) as (keyof RollcallPorts)[])
    .filter((name) => name !== 'console' || services.includes(name))
    .filter((name) => !(kafka && name.startsWith('kafka')))
    .filter((name) => !(clickhouse && name.startsWith('clickhouse')));
  return names.map((name) => ({
    port: ports[name],
    what: PORT_OWNERS[name],
    variable: PORT_VARIABLES[name],
  }));
}
