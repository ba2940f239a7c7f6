import {
  all,
  counted,
  KEPT,
  keptWithout,
  only,
  refused,
  refusedEvent,
  refusedLines,
  refusedUnread,
  type Row,
} from './expected.ts';

const SHAPE = refusedEvent('GW_EVENT_SHAPE');
const NOT_JSON = refused(400, 'GW_BODY_NOT_JSON');
const NO_PATH = refusedUnread(404, 'GW_PATH_UNKNOWN');
const BODY_SHAPE = refused(400, 'GW_BODY_SHAPE');
const NO_KEY = refused(401, 'GW_KEY_UNKNOWN');
const SHAPE_OF_ONE = counted('GW_EVENT_SHAPE');
const FORBIDDEN_KEY = 'GW_KEY_FORBIDDEN';

/** What is right to answer to each kind, in each dialect. Where a wire cannot say it, it says what stands beside it. */
export const EXPECTED: Readonly<Record<string, Row>> = {
  'half of a body': all(NOT_JSON, { cozystack: SHAPE }),
  'bytes that are no UTF-8': all(refused(400, 'GW_BODY_NOT_UTF8')),
  'nesting beyond any use': all(refused(400, 'GW_BODY_TOO_DEEP'), { cozystack: SHAPE }),
  'an empty body': all(refused(400, 'GW_BODY_EMPTY')),
  // refused by its length, before anybody reads where it goes
  'a body over the limit': all(refusedUnread(413, 'GW_BODY_TOO_LARGE')),
  'a gzip bomb': all(refused(413, 'GW_BODY_TOO_LARGE')),
  'half of a gzip stream': all(refused(400, 'GW_BODY_ENCODING')),
  'text that only says it is gzip': all(refused(400, 'GW_BODY_ENCODING')),
  'an encoding that nobody knows': all(refused(415, 'GW_ENCODING_UNKNOWN')),
  'null bytes before a body': all(NOT_JSON, { cozystack: SHAPE }),
  // PostHog's clients send their key in the object: in a list nobody looks for it
  'a list where an object should be': all(SHAPE, {
    // the line end of a push makes two lines of it
    cozystack: refusedLines('GW_EVENT_SHAPE', 2),
    segment: BODY_SHAPE,
    posthog: NO_KEY,
  }),
  'a list of nothing': all(BODY_SHAPE, { kamaji: SHAPE, sveltos: SHAPE, cozystack: SHAPE }),
  'a number for a body': all(SHAPE, { segment: BODY_SHAPE, posthog: BODY_SHAPE }),
  'a whole number that no column holds': all(keptWithout('AN_FIELD_VALUE', []), {
    kamaji: SHAPE,
    sveltos: SHAPE,
    segment: keptWithout('AN_FIELD_TYPE'),
  }),
  'a value of another type': all(SHAPE, {
    native: refusedEvent('GW_FIELD_TYPE'),
    segment: keptWithout('AN_FIELD_TYPE'),
    posthog: keptWithout('AN_FIELD_TYPE'),
  }),
  // around a batch it belongs to no event, so the request as a whole is refused
  'a key that poisons objects': all(refusedEvent(FORBIDDEN_KEY), {
    cozystack: keptWithout('AN_SAMPLE_UNDECLARED', []),
    segment: refused(400, FORBIDDEN_KEY),
    posthog: refused(400, FORBIDDEN_KEY),
  }),
  // no bad input in JSON: the last one counts, as in every parser of the clients' languages (docs/reliability.md)
  'the same key twice': all(KEPT, { cozystack: SHAPE }),
  'no name': all(SHAPE, { segment: SHAPE_OF_ONE }),
  'a name that the catalogue has not': all(counted('GW_EVENT_UNKNOWN'), {
    native: refusedEvent('GW_EVENT_UNKNOWN'),
    kamaji: NO_PATH,
    sveltos: NO_PATH,
    cozystack: keptWithout('AN_SAMPLE_UNDECLARED', []),
  }),
  'nobody’s identifier': all(SHAPE, { segment: SHAPE_OF_ONE }),
  'an identifier that is no text': all(SHAPE, { segment: SHAPE_OF_ONE }),
  // PostHog's clients may send any text as an id, and its server cuts it: so does this one, and counts
  'an identifier beyond every limit': all(SHAPE, {
    segment: SHAPE_OF_ONE,
    posthog: keptWithout('GW_ID_CHANGED'),
  }),
  'an identifier with a null byte': all(SHAPE, {
    segment: SHAPE_OF_ONE,
    posthog: keptWithout('GW_ID_CHANGED'),
  }),
  // the reports of Kamaji, Sveltos and Cozystack tell no time and carry no key; nor need native ones of a public project
  'a time that is none': only({
    native: SHAPE,
    segment: keptWithout('GW_TIME_UNREADABLE'),
    posthog: keptWithout('GW_TIME_UNREADABLE'),
  }),
  'a clock that is years off': only({
    native: keptWithout('AN_CLOCK_SKEWED'),
    segment: keptWithout('AN_CLOCK_SKEWED'),
    posthog: keptWithout('AN_CLOCK_SKEWED'),
  }),
  'a key that nobody gave out': only({ segment: NO_KEY, posthog: NO_KEY }),
  'text that forges its neighbours': all(NOT_JSON, {
    cozystack: keptWithout('GW_LABEL_DROPPED', ['other 2']),
  }),
  'a project that is not there': all(refusedUnread(404, 'GW_PROJECT_UNKNOWN')),
  'a method that is not taken': all(refusedUnread(405, 'GW_METHOD_NOT_ALLOWED')),
  'a path that is not there': all(NO_PATH),
  'one bad among good': all(NOT_JSON, {
    native: { ...counted('GW_EVENT_UNKNOWN'), code: 'GW_EVENT_UNKNOWN', kept: 2 },
    cozystack: keptWithout('GW_EVENT_SHAPE', ['Postgres 2', 'Redis 4']),
    segment: { ...SHAPE_OF_ONE, kept: 2 },
    posthog: { ...SHAPE_OF_ONE, kept: 2 },
  }),
  // only these two dialects take lines: to the others it is a body that is no JSON
  'one broken line among whole ones': all(NOT_JSON, {
    native: { ...counted('GW_BODY_NOT_JSON'), code: 'GW_BODY_NOT_JSON', kept: 2 },
    cozystack: keptWithout('GW_EVENT_SHAPE', ['Postgres 2', 'Postgres 2']),
  }),
};
