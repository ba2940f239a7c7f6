import {
  KamajiCreateSchema,
  KamajiDeleteSchema,
  KamajiStatsSchema,
  KamajiUpdateSchema,
} from './kamaji/kamaji.schema.ts';
import { NativeAnswerSchema, NativeEventSchema } from './native/native.schema.ts';
import { ProblemSchema } from './problem.ts';

/** zod schemas of what goes over the wire, each with its `.meta({ id })`: the API documentation is made from them. */
export const WIRE_SCHEMAS = {
  NativeEvent: NativeEventSchema,
  NativeAnswer: NativeAnswerSchema,
  Problem: ProblemSchema,
  KamajiStats: KamajiStatsSchema,
  KamajiCreate: KamajiCreateSchema,
  KamajiUpdate: KamajiUpdateSchema,
  KamajiDelete: KamajiDeleteSchema,
} as const;
