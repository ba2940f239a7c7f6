export type {
  Answered,
  DecodeOutcome,
  Decoded,
  Dialect,
  EventNote,
  IngestResult,
  Refused,
  WireAnswer,
  WireEvent,
  WireLimits,
  WireRejection,
  WireRequest,
} from './dialect.ts';
export { problemAnswer } from './problem.ts';
export { DIALECTS } from './registry.ts';
export { WIRE_SCHEMAS } from './schemas.ts';
