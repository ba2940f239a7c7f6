import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';

/** How far back rejections are kept, and so asked for. */
export const MOST_DAYS = 90;

const DaysSchema = z.coerce.number().int().min(1).max(MOST_DAYS).default(1);

/** Reads how far back something is asked for; the last day unless said. @throws CO_PARAMETER */
export function readDays(days: string | undefined): number {
  const parsed = DaysSchema.safeParse(days);
  if (!parsed.success) throw new RollcallError('CO_PARAMETER', `days is 1 to ${MOST_DAYS}`);
  return parsed.data;
}
