import { gzipSync } from 'node:zlib';
import type { Sent, Wire } from './wires.ts';

/** Something bad, said in a wire's own way. */
export type Spoil = (wire: Wire, id: string) => Sent;

const MEBIBYTE = 1_048_576;
const BOMB = gzipSync(Buffer.alloc(8 * MEBIBYTE, ' '));
const OVER_THE_LIMIT = ' '.repeat(600 * 1_024);
const DEEP = '['.repeat(3_000) + ']'.repeat(3_000);
const NO_UTF8 = Buffer.from([0xff, 0xfe]);
const YEAR = new Date().getUTCFullYear();

const textOf = ({ body }: Sent): string => body.toString();

/** The good request with one text of its body replaced. @throws when it is not there: the spoiling would be none */
function replaced(sent: Sent, sought: string, by: string): Sent {
  const text = textOf(sent);
  if (!text.includes(sought)) throw new Error(`no ${sought} to replace`);
  return { ...sent, body: text.replace(sought, () => by) };
}

/** For dialects of JSON one way, for the one of text another. */
const inJson =
  (json: Spoil, text: Spoil): Spoil =>
  (wire, id) =>
    (wire.dialect === 'cozystack' ? text : json)(wire, id);

/** Only some wires tell the time; the others say something else that is wrong. */
const inTime =
  (change: (timestamp: string) => string, otherwise: Spoil): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    const found = new RegExp(`"${YEAR}-[^"]+Z"`).exec(textOf(sent));
    return found === null ? otherwise(wire, id) : replaced(sent, found[0], change(found[0]));
  };

const body =
  (make: (text: string) => Buffer | string): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    return { ...sent, body: make(textOf(sent)) };
  };
const value =
  (by: string): Spoil =>
  (wire, id) =>
    replaced(
      wire.good(id),
      wire.value,
      wire.value.replace(/[:\s].*$/, (found) => found[0] + by),
    );
const identifier =
  (by: string): Spoil =>
  (wire, id) => {
    const sought = wire.identifier(id);
    return replaced(
      wire.good(id),
      sought,
      sought.replace(/"[^"]*"$/, () => by),
    );
  };
const name =
  (by: string): Spoil =>
  (wire, id) =>
    replaced(wire.good(id), wire.name, by);
const path =
  (make: (path: string) => string): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    return { ...sent, path: make(sent.path) };
  };
const header =
  (headers: Readonly<Record<string, string>>, make?: (text: string) => Buffer): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    const changed = make === undefined ? sent.body : make(textOf(sent));
    return { ...sent, headers: { ...sent.headers, ...headers }, body: changed };
  };

const unknownPath = path((good) => `${good}/nowhere`);

/** A list of events or lines with a bad one in the middle; for reports that stand alone, two of them in one body. */
const oneBadAmongGood: Spoil = (wire, id) => {
  const sent = wire.good(id);
  const text = textOf(sent);
  switch (wire.dialect) {
    case 'native':
      return { ...sent, body: `${text}\n{"event":"unheard-of"}\n` };
    case 'cozystack':
      return { ...sent, body: `${text}cozy_application_count{kind= 3\n` };
    case 'segment':
      return replaced(sent, '"batch":[', '"batch":[{"type":"track","messageId":"m"},');
    case 'posthog':
      return replaced(sent, '"batch":[', '"batch":[{"properties":{}},');
    default:
      return { ...sent, body: text + text };
  }
};

/** The kinds of bad input. What is right to answer to each stands in `expected.table.ts`. */
export const KINDS: Readonly<Record<string, Spoil>> = {
  'half of a body': body((text) => text.slice(0, Math.floor(text.length * 0.6))),
  'bytes that are no UTF-8': body((text) =>
    Buffer.concat([Buffer.from(text.slice(0, 12)), NO_UTF8]),
  ),
  'nesting beyond any use': body(() => DEEP),
  'an empty body': body(() => ''),
  'a body over the limit': body((text) => OVER_THE_LIMIT + text),
  'a gzip bomb': header({ 'content-encoding': 'gzip' }, () => BOMB),
  'half of a gzip stream': header({ 'content-encoding': 'gzip' }, (text) =>
    gzipSync(text).subarray(0, 30),
  ),
  'text that only says it is gzip': header({ 'content-encoding': 'gzip' }),
  'an encoding that nobody knows': header({ 'content-encoding': 'rot13' }),
  'null bytes before a body': body((text) => `\u0000\u0000${text}`),
  'a list of nothing': body(() => '[]'),
  'a list where an object should be': body((text) => `[[${text}]]`),
  'a number for a body': body(() => '17'),
  'a whole number that no column holds': value('99999999999999999999'),
  'a value of another type': inJson(value('{"a":1}'), value('many')),
  'a key that poisons objects': inJson(
    body((text) => text.replace(/\}\s*$/, ',"__proto__":{"polluted":true}}')),
    name('__proto__'),
  ),
  'the same key twice': inJson(
    (wire, id) => replaced(wire.good(id), wire.value, `${wire.value},${wire.value}`),
    body((text) => text + text),
  ),
  'no name': name(''),
  'a name that the catalogue has not': inJson((wire, id) => {
    const sent = wire.good(id);
    const known = /"event":"[^"]+"/.exec(textOf(sent))?.[0];
    return known === undefined
      ? path((good) => good.replace(/(stats|)$/, 'unheard-of'))(wire, id)
      : replaced(sent, known, '"event":"unheard-of"');
  }, name('cozy_unheard_of')),
  'nobody’s identifier': inJson(identifier('""'), header({ 'x-cluster-id': '' })),
  'an identifier that is no text': inJson(
    identifier('{"a":1}'),
    header({ 'x-cluster-id': 'two words' }),
  ),
  'an identifier beyond every limit': inJson(
    identifier(`"${'x'.repeat(600)}"`),
    header({ 'x-cluster-id': 'x'.repeat(600) }),
  ),
  'an identifier with a null byte': inJson(
    (wire, id) => identifier(`"${id}\\u0000"`)(wire, id),
    value('\u0000'),
  ),
  'a time that is none': inTime(() => '"yesterday"', unknownPath),
  'a clock that is years off': inTime(
    (now) => now.replace(String(YEAR), String(YEAR + 9)),
    path((good) => good.replace(/^\/p\/\w+/, '/p/')),
  ),
  'text that forges its neighbours': inJson(
    (wire, id) => identifier(`"${id}","admin":true,"x":"y`)(wire, id),
    identifier('"x\\",cluster_id=\\"victim"'),
  ),
  'a project that is not there': path((good) =>
    good.startsWith('/p/') ? good.replace(/^\/p\/\w+/, '/p/nobody') : `/p/nobody${good}`,
  ),
  'a method that is not taken': (wire, id) => ({ ...wire.good(id), method: 'PUT' }),
  'a path that is not there': unknownPath,
  'a key that nobody gave out': (wire, id) => {
    const sent = wire.good(id);
    const headers = { ...sent.headers, authorization: 'Basic bm9ib2R5Og==' };
    if (wire.dialect === 'posthog') return replaced(sent, '"api_key":"', '"api_key":"not-');
    return wire.dialect === 'segment' ? { ...sent, headers } : path(() => '/p/..%2f..')(wire, id);
  },
  'one bad among good': oneBadAmongGood,
};
