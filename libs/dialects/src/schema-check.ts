import type { z } from 'zod';
import { shapeFault, type EventFault } from './event-fault.ts';

/** The first thing that a schema has against a value: the field's path and what was expected, never the value. */
export function faultOfSchema(schema: z.ZodType, value: unknown): EventFault | undefined {
  const checked = schema.safeParse(value);
  const issue = checked.error?.issues[0];
  return issue === undefined ? undefined : shapeFault(issue.path.join('.'), issue.message);
}
