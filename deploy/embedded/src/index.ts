export { freePorts, isPortFree } from './ports.ts';
export {
  startClickHouse,
  startKafka,
  type ClickHouseOptions,
  type ClickHouseServer,
  type KafkaOptions,
  type KafkaServer,
} from './servers.ts';
export type { Credentials, Login } from './credentials.ts';
