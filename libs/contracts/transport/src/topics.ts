/** The Kafka topics of one Rollcall. Other systems read them: a rename is a breaking change. */
export const TOPICS = {
  raw: 'telemetry.raw.v1',
  anonymized: 'telemetry.anonymized.v1',
  rejected: 'telemetry.rejected.v1',
  erasure: 'telemetry.erasure.v1',
} as const;

/** Name of one of {@link TOPICS}. */
export type TopicName = (typeof TOPICS)[keyof typeof TOPICS];

/** Consumer groups. Each consumer scales by adding members to its own group. */
export const GROUPS = { anonymizer: 'rollcall.anonymizer', sink: 'rollcall.sink' } as const;

/** What a topic is made with where Rollcall makes it: by `rollcall setup` or at the start of the embedded mode. */
export interface TopicSpec {
  readonly topic: TopicName;
  readonly partitionCount: number;
  readonly retentionMs: number;
  /**
   * Kafka deletes whole closed segments only, and a quiet topic closes none for a week: so a segment is closed after
   * this time, or what is past its retention would stay.
   */
  readonly segmentMs: number;
  /** Largest record batch, in bytes as compressed. */
  readonly maxRecordBatchBytes: number;
}

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1_048_576;

/**
 * The topics with their defaults.
 *
 * The raw and the erasure topic hold identifiers as they were sent, so they are kept only as long as a consumer may need to
 * catch up; the anonymized one as long as a lost ClickHouse may need to be filled again.
 */
export function topicSpecs(partitionCount: number): readonly TopicSpec[] {
  const maxRecordBatchBytes = 8 * MEBIBYTE;
  return [
    {
      topic: TOPICS.raw,
      partitionCount,
      retentionMs: 24 * HOUR_MS,
      segmentMs: HOUR_MS,
      maxRecordBatchBytes,
    },
    {
      topic: TOPICS.anonymized,
      partitionCount,
      retentionMs: 7 * 24 * HOUR_MS,
      segmentMs: 24 * HOUR_MS,
      maxRecordBatchBytes,
    },
    {
      topic: TOPICS.rejected,
      partitionCount: 1,
      retentionMs: 7 * 24 * HOUR_MS,
      segmentMs: 24 * HOUR_MS,
      maxRecordBatchBytes,
    },
    {
      topic: TOPICS.erasure,
      partitionCount: 1,
      retentionMs: 24 * HOUR_MS,
      segmentMs: HOUR_MS,
      maxRecordBatchBytes,
    },
  ];
}
