import type { IngestResult, WireAnswer } from './dialect.ts';
import { problemAnswer } from './problem.ts';

/** For clients that read the status at most: 200 without a body, or problem details when nothing was accepted. */
export function answerEmpty({ acceptedCount, rejected }: IngestResult): WireAnswer {
  const [first] = rejected;
  if (acceptedCount > 0 || first === undefined) return { status: 200, headers: {}, body: '' };
  return problemAnswer(first.code, first.detail);
}
