export { awaitKafka, awaitTopics, ensureTopics } from './admin.ts';
export { createKafka } from './client.ts';
export { kafkaEnvShape, toKafkaSettings, type KafkaSettings } from './settings.ts';
export { RecordProducer, type ProducedRecord, type ProducerOptions } from './record-producer.ts';
export type {
  ConsumedBatch,
  ConsumedRecord,
  GroupPosition,
  ResumableBatch,
  TransactionalBatch,
} from './consumed-batch.ts';
export { fetchGroupPosition } from './group-position.ts';
export {
  readRecords,
  type MissingRecord,
  type ReadRecord,
  type WantedRecords,
} from './record-reader.ts';
export type { PartitionTransactions, TopicRecords } from './partition-transactions.ts';
export { TransactionalOutput, type TransactionalOutputOptions } from './transactional-output.ts';
export { replayRecords, type Replay } from './replay/replay-records.ts';
export type { ReplayResult } from './replay/replay-lines.ts';
