import { titleOf } from '@rollcall/contracts-transport';
import type { Dialect, IngestResult, WireAnswer } from '../dialect.ts';
import { problemAnswer } from '../problem.ts';
import { decodeNative } from './native.decode.ts';

const PATH = '/events';

/** Rollcall's own JSON, for projects that write their client today. */
export const nativeDialect: Dialect = {
  name: 'native',
  methodsOf: (path) => (path === PATH ? ['POST'] : undefined),
  allowsEmptyBody: () => false,
  decode: decodeNative,
  answer: answerNative,
};

/** 200 with counts as soon as one event is in; problem details with the same members when none is. */
function answerNative({ acceptedCount, rejected }: IngestResult): WireAnswer {
  const [first] = rejected;
  const counts = { accepted: acceptedCount, rejected };
  if (acceptedCount > 0 || first === undefined)
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(counts),
    };
  return {
    ...problemAnswer(first.code, titleOf(first.code), { ...counts, status: 400 }),
    status: 400,
  };
}
