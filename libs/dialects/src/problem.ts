import { statusOf, titleOf, type HttpCode } from '@rollcall/contracts-transport';
import { z } from 'zod';
import type { WireAnswer } from './dialect.ts';

/** Problem details as the gateway answers them. `code` is the stable part; texts may change. */
export const ProblemSchema = z
  .looseObject({
    type: z.string().describe('urn:rollcall:problem: and the code'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable: programs decide by this'),
    detail: z.string(),
  })
  .meta({ id: 'Problem' });

/**
 * Says in problem details why a request was refused.
 *
 * @param members further members beside the standard ones, e.g. what was rejected.
 * @see RFC 9457
 */
export function problemAnswer(
  code: HttpCode,
  detail: string = titleOf(code),
  members: Readonly<Record<string, unknown>> = {},
): WireAnswer {
  const type = `urn:rollcall:problem:${code}`;
  const status = statusOf(code);
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type, title: titleOf(code), status, code, detail, ...members }),
  };
}
