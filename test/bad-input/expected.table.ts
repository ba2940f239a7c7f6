import type { DialectName } from '@rollcall/contracts-catalogue';

/** What is right to answer. */
export interface Expected {
  readonly status: number;
  /** In the answer; left out where the clients' form of it has no place for one, and then it is in `counted`. */
  readonly code?: string;
  /** In `rollcall.rejections`, for the project. */
  readonly counted?: string;
  /** Events that are kept all the same. */
  readonly kept?: number;
}

type Row = Readonly<Record<DialectName, Expected>>;

const refused = (status: number, code: string): Expected => ({ status, code });
/** Answered 200, because these clients would send the same batch again for anything else. */
const counted = (code: string): Expected => ({ status: 200, counted: code });
const keptWithout = (code: string): Expected => ({ status: 200, counted: code, kept: 1 });
const KEPT: Expected = { status: 200, kept: 1 };

const all = (expected: Expected, but: Partial<Row> = {}): Row => ({
  native: expected,
  kamaji: expected,
  sveltos: expected,
  cozystack: expected,
  segment: expected,
  posthog: expected,
  ...but,
});

const SHAPE = refused(400, 'GW_EVENT_SHAPE');
const NOT_JSON = refused(400, 'GW_BODY_NOT_JSON');
const NO_PATH = refused(404, 'GW_PATH_UNKNOWN');
const NO_PROJECT = refused(404, 'GW_PROJECT_UNKNOWN');
const BODY_SHAPE = refused(400, 'GW_BODY_SHAPE');
const NO_KEY = refused(401, 'GW_KEY_UNKNOWN');
const SHAPE_OF_ONE = counted('GW_EVENT_SHAPE');

/** What is right to answer to each kind, in each dialect. Where a wire cannot say it, it says what stands beside it. */
export const EXPECTED: Readonly<Record<string, Row>> = {
  'half of a body': all(NOT_JSON, { cozystack: SHAPE }),
  'bytes that are no UTF-8': all(refused(400, 'GW_BODY_NOT_UTF8')),
  'nesting beyond any use': all(refused(400, 'GW_BODY_TOO_DEEP'), { cozystack: SHAPE }),
  // a GET without a body is somebody looking whether Sveltos' endpoint is there
  'an empty body': all(refused(400, 'GW_BODY_EMPTY'), { sveltos: { status: 200 } }),
  'a body over the limit': all(refused(413, 'GW_BODY_TOO_LARGE')),
  'a gzip bomb': all(refused(413, 'GW_BODY_TOO_LARGE')),
  'half of a gzip stream': all(refused(400, 'GW_BODY_ENCODING')),
  'text that only says it is gzip': all(refused(400, 'GW_BODY_ENCODING')),
  'an encoding that nobody knows': all(refused(415, 'GW_ENCODING_UNKNOWN')),
  'null bytes before a body': all(NOT_JSON, { cozystack: SHAPE }),
  // PostHog's clients send their key in the object: in a list nobody looks for it
  'a list where an object should be': all(SHAPE, { segment: BODY_SHAPE, posthog: NO_KEY }),
  'a list of nothing': all(BODY_SHAPE, { kamaji: SHAPE, sveltos: SHAPE, cozystack: SHAPE }),
  'a number for a body': all(SHAPE, { segment: BODY_SHAPE, posthog: BODY_SHAPE }),
  'a whole number that no column holds': all(keptWithout('AN_FIELD_VALUE'), {
    kamaji: SHAPE,
    sveltos: SHAPE,
    segment: keptWithout('AN_FIELD_TYPE'),
  }),
  'a value of another type': all(SHAPE, {
    native: refused(400, 'GW_FIELD_TYPE'),
    segment: keptWithout('AN_FIELD_TYPE'),
    posthog: keptWithout('AN_FIELD_TYPE'),
  }),
  // in an envelope of a batch it is no event's key and is not looked at
  'a key that poisons objects': all(refused(400, 'GW_KEY_FORBIDDEN'), {
    cozystack: keptWithout('AN_SAMPLE_UNDECLARED'),
    segment: KEPT,
    posthog: KEPT,
  }),
  'the same key twice': all(KEPT),
  'no name': all(SHAPE, { segment: SHAPE_OF_ONE }),
  'a name that the catalogue has not': all(counted('GW_EVENT_UNKNOWN'), {
    native: refused(400, 'GW_EVENT_UNKNOWN'),
    kamaji: NO_PATH,
    sveltos: NO_PATH,
    cozystack: keptWithout('AN_SAMPLE_UNDECLARED'),
  }),
  'nobody’s identifier': all(SHAPE, { segment: SHAPE_OF_ONE }),
  'an identifier that is no text': all(SHAPE, { segment: SHAPE_OF_ONE }),
  // PostHog's clients may send any text as an id: one that cannot be used names nobody
  'an identifier beyond every limit': all(SHAPE, { segment: SHAPE_OF_ONE, posthog: KEPT }),
  'an identifier with a null byte': all(SHAPE, { segment: SHAPE_OF_ONE, posthog: KEPT }),
  'a time that is none': all(NO_PATH, {
    native: SHAPE,
    segment: KEPT,
    posthog: KEPT,
  }),
  'a clock that is years off': all(keptWithout('AN_CLOCK_SKEWED'), {
    kamaji: NO_PATH,
    sveltos: NO_PROJECT,
    cozystack: NO_PROJECT,
  }),
  'text that forges its neighbours': all(NOT_JSON, { cozystack: KEPT }),
  'a project that is not there': all(NO_PROJECT),
  'a method that is not taken': all(refused(405, 'GW_METHOD_NOT_ALLOWED')),
  'a path that is not there': all(NO_PATH),
  'a key that nobody gave out': all(NO_PROJECT, { segment: NO_KEY, posthog: NO_KEY }),
  'one bad among good': all(NOT_JSON, {
    native: { status: 200, code: 'GW_EVENT_UNKNOWN', kept: 1 },
    cozystack: { ...SHAPE_OF_ONE, kept: 1 },
    segment: { ...SHAPE_OF_ONE, kept: 1 },
    posthog: { ...SHAPE_OF_ONE, kept: 1 },
  }),
};
