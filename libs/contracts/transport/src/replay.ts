import { z } from 'zod';
import { CODES } from './codes.table.ts';
import type { Rejection } from './rejection.ts';
import { TOPICS } from './topics.ts';

/** Where something was refused: a line of a record, or with index -1 the whole record or no single line of it. */
export type Coordinates = Pick<Rejection, 'partition' | 'offset' | 'index'>;

/** Topics whose records are read and produced once more after what refused them was mended. */
export const REPLAYABLE_TOPICS = [TOPICS.raw, TOPICS.anonymized] as const;

/** Name of one of {@link REPLAYABLE_TOPICS}. */
export type ReplayableTopic = (typeof REPLAYABLE_TOPICS)[number];

/**
 * Codes of what was refused or dropped after Kafka had it. Codes with a status are answers: nothing lies in Kafka for them.
 */
export const REPLAYABLE_CODES: readonly string[] = Object.entries(CODES)
  .filter(([code, text]) => /^(AN|SK)_/.test(code) && !('status' in text))
  .map(([code]) => code);

/** Most coordinates of one {@link ReplayRequestSchema replay request}. */
export const MOST_REPLAYED = 1_000;

/** What the anonymizer is asked at `POST /replays`: coordinates alone, so that nobody can bring an event this way. */
export const ReplayRequestSchema = z.strictObject({
  topic: z.enum(REPLAYABLE_TOPICS),
  /** Read and count, produce nothing. */
  dry_run: z.boolean(),
  records: z
    .array(
      z.strictObject({
        partition: z.int().min(0).max(2_147_483_647),
        offset: z.string().regex(/^\d{1,18}$/),
        index: z.int().min(-1).max(2_147_483_647),
      }),
    )
    .min(1)
    .max(MOST_REPLAYED),
});

/** Checked by {@link ReplayRequestSchema}. */
export type ReplayRequest = z.output<typeof ReplayRequestSchema>;

/** What came of it, in counts: nothing of a record leaves this way. */
export const ReplayAnswerSchema = z.object({
  /** Records that the coordinates name. */
  records: z.int().min(0),
  /** Lines that were produced, or would have been. */
  lines: z.int().min(0),
  /** Lines that were left out because an equal one went out in the same call. */
  repeated: z.int().min(0),
  /** Records that are not in Kafka any more. */
  missing: z.int().min(0),
});

/** Checked by {@link ReplayAnswerSchema}. */
export type ReplayAnswer = z.output<typeof ReplayAnswerSchema>;
