export { TOPICS, GROUPS, topicSpecs, type TopicName, type TopicSpec } from './topics.ts';
export { HEADERS, RECORD_VERSION, TABLES, isTableName, type TableName } from './headers.ts';
export { CODES } from './codes.table.ts';
export { RollcallError, statusOf, titleOf, type Code, type HttpCode } from './codes.ts';
export type { Rejection, Stage } from './rejection.ts';
export {
  MOST_REPLAYED,
  REPLAYABLE_CODES,
  REPLAYABLE_TOPICS,
  ReplayAnswerSchema,
  ReplayRequestSchema,
  type Coordinates,
  type ReplayAnswer,
  type ReplayRequest,
  type ReplayableTopic,
} from './replay.ts';
