export type {
  Answered,
  DecodeOutcome,
  Decoded,
  Dialect,
  IngestResult,
  Refused,
  WireAnswer,
  WireEvent,
  WireLimits,
  WireRejection,
  WireRequest,
} from './dialect.ts';
