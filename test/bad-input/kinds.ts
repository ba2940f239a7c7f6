import { gzipSync } from 'node:zlib';
import {
  body,
  header,
  identifier,
  inJson,
  inTime,
  name,
  path,
  replaced,
  textOf,
  value,
  yearsAhead,
  type Spoil,
} from './spoil.ts';
import { oneBadAmongGood, oneBrokenLine } from './spoiled-lists.ts';

const MEBIBYTE = 1_048_576;
const BOMB = gzipSync(Buffer.alloc(8 * MEBIBYTE, ' '));
const OVER_THE_LIMIT = ' '.repeat(600 * 1_024);
const DEEP = '['.repeat(3_000) + ']'.repeat(3_000);
const NO_UTF8 = Buffer.from([0xff, 0xfe]);
const TOO_LONG = 'x'.repeat(600);

/** The kinds of bad input. What is right to answer to each stands in `expected.table.ts`. */
export const KINDS: Readonly<Record<string, Spoil>> = {
  'half of a body': body((text) => text.slice(0, Math.floor(text.length * 0.6))),
  'bytes that are no UTF-8': body((text) =>
    Buffer.concat([Buffer.from(text.slice(0, 12)), NO_UTF8]),
  ),
  'nesting beyond any use': body(() => DEEP),
  // a GET without a body is no bad report of Sveltos but somebody looking whether its endpoint is there
  'an empty body': (wire, id) => ({ ...wire.good(id), method: 'POST', body: '' }),
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
    (wire, id) =>
      replaced(wire.good(id), wire.identifier(id), `${wire.identifier(id)},${wire.identifier(id)}`),
  ),
  'no name': name(''),
  'a name that the catalogue has not': inJson((wire, id) => {
    const sent = wire.good(id);
    const known = /"event":"[^"]+"/.exec(textOf(sent))?.[0];
    return known === undefined
      ? path((good) => good.replace(/(stats|)$/, 'unheard-of'))(wire, id)
      : replaced(sent, known, '"event":"unheard-of"');
  }, name('cozy_unheard_of')),
  'nobody’s identifier': inJson(
    identifier(() => '""'),
    header({ 'x-cluster-id': '' }),
  ),
  'an identifier that is no text': inJson(
    identifier(() => '{"a":1}'),
    header({ 'x-cluster-id': 'two words' }),
  ),
  'an identifier beyond every limit': inJson(
    identifier((id) => `"${id}${TOO_LONG}"`),
    header({ 'x-cluster-id': TOO_LONG }),
  ),
  'an identifier with a null byte': inJson(
    identifier((id) => `"${id}\\u0000"`),
    value('\u0000'),
  ),
  'a time that is none': inTime(() => '"yesterday"'),
  'a clock that is years off': inTime(yearsAhead),
  'text that forges its neighbours': inJson(
    identifier((id) => `"${id}","admin":true,"x":"y`),
    identifier(() => '"x",cluster_id="victim"'),
  ),
  'a project that is not there': path((good) =>
    good.startsWith('/p/') ? good.replace(/^\/p\/\w+/, '/p/nobody') : `/p/nobody${good}`,
  ),
  'a method that is not taken': (wire, id) => ({ ...wire.good(id), method: 'PUT' }),
  'a path that is not there': path((good) => `${good}/nowhere`),
  'a key that nobody gave out': (wire, id) => {
    const sent = wire.good(id);
    if (wire.dialect === 'posthog') return replaced(sent, '"api_key":"', '"api_key":"not-');
    return { ...sent, headers: { ...sent.headers, authorization: 'Basic bm9ib2R5Og==' } };
  },
  'one bad among good': oneBadAmongGood,
  'one broken line among whole ones': oneBrokenLine,
};
