import { z } from 'zod';
import { parseInstant } from '../instant.ts';
import { ID_PATTERN, NAME_PATTERN } from '../text-patterns.ts';

/**
 * One event of the native dialect, as the API documents it.
 *
 * The gateway's hot path checks by hand what is written here; a property test holds both to the same verdict.
 */
export const NativeEventSchema = z
  .strictObject({
    event: z.string().regex(NAME_PATTERN).describe('Name of the event, as the catalogue has it'),
    event_id: z
      .string()
      .regex(ID_PATTERN)
      .optional()
      .describe('Makes a retry safe: events with equal ids of one project are one event'),
    installation_id: z
      .string()
      .regex(ID_PATTERN)
      .optional()
      .describe('The installation’s own id. It is pseudonymized before it is kept'),
    occurred_at: z
      .string()
      .refine((text) => parseInstant(text) !== undefined)
      .optional()
      .describe('RFC 3339, with an offset')
      .meta({ format: 'date-time' }),
    properties: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What the catalogue names is kept, all else is dropped'),
  })
  .meta({ id: 'NativeEvent' });

const RejectedEventSchema = z
  .object({
    index: z.int().describe('Place of the event in the request, from 0'),
    code: z.string(),
    detail: z.string().describe('Names fields, never their values'),
  })
  .meta({ id: 'RejectedEvent' });

/** What the gateway answers when at least one event was accepted. */
export const NativeAnswerSchema = z
  .object({ accepted: z.int(), rejected: z.array(RejectedEventSchema) })
  .meta({ id: 'NativeAnswer' });
