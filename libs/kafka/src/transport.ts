export {
  KafkaBatchServer,
  type FetchSettings,
  type KafkaBatchServerOptions,
} from './kafka-batch-server.ts';
export type { ConsumerHealth } from './consumer-progress.ts';
