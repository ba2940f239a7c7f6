import { z } from 'zod';
import { REPLAYABLE_CODES, REPLAYABLE_TOPICS } from '@rollcall/contracts-transport';
import type { Coordinates } from '@rollcall/contracts-transport';
import { MOST_DAYS } from './days.ts';

const CURSOR = /^(\d{1,9})\/(\d{1,18})\/(-1|\d{1,9})$/;

/** Where the next piece begins, as text: `partition/offset/index` of the last one's end. */
export const toCursor = ({ partition, offset, index }: Coordinates): string =>
  `${partition}/${offset}/${index}`;

const CursorSchema = z
  .string()
  .regex(CURSOR)
  .transform((text): Coordinates => {
    const [, partition, offset = '', index] = CURSOR.exec(text) ?? [];
    return { partition: Number(partition), offset, index: Number(index) };
  });

/** What a page asks for: one row of the rejections, and which piece of it. */
export const ReplayPieceSchema = z.strictObject({
  topic: z.enum(REPLAYABLE_TOPICS),
  code: z.enum(REPLAYABLE_CODES),
  /** Empty for what was refused before its project was known; left out for all projects. */
  project: z.string().max(200).optional(),
  /** How far back, as the rejections are shown. */
  days: z.int().min(1).max(MOST_DAYS),
  dry_run: z.boolean(),
  after: CursorSchema.optional(),
});

/** Checked by {@link ReplayPieceSchema}. */
export type ReplayPiece = z.output<typeof ReplayPieceSchema>;
