import { decodeText, parseJson, type Parsed } from '@rollcall/codec';
import { titleOf, type HttpCode } from '@rollcall/contracts-transport';
import type { Refused } from './dialect.ts';

/**
 * How deep a body may nest before it is not parsed at all. It is well above what one event may have, so that an event
 * that is too deep is refused alone and its neighbours are kept.
 */
const MAX_BODY_DEPTH = 512;

export function refused(code: HttpCode, detail: string = titleOf(code)): Refused {
  return { kind: 'refused', code, detail };
}

/** Text to a JSON value, under the depth that is safe for a whole body. */
export function parseBody(text: string): Parsed<unknown> {
  return parseJson(text, MAX_BODY_DEPTH);
}

/** The bytes of a body to a JSON value. Content-Type has no say: clients send JSON under many names. */
export function readJsonBody(body: Buffer): Parsed<unknown> {
  const text = decodeText(body);
  return text.ok ? parseBody(text.value) : text;
}
