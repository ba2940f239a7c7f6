import type { Dialect } from '../dialect.ts';
import { answerEmpty } from '../empty-answer.ts';
import { CALLS, decodeKamaji } from './kamaji.decode.ts';

/** Kamaji's telemetry calls, by its own client and as its page shows them. */
export const kamajiDialect: Dialect = {
  name: 'kamaji',
  methodsOf: (path) => (CALLS.has(path) ? ['POST'] : undefined),
  allowsEmptyBody: () => false,
  decode: decodeKamaji,
  answer: answerEmpty,
};
