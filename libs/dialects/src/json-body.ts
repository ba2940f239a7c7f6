import { decodeText, gunzipNow, looksGzipped, parseJson, type Parsed } from '@rollcall/codec';
import { titleOf, type HttpCode } from '@rollcall/contracts-transport';
import type { Refused, WireRequest } from './dialect.ts';

/**
 * How deep a body may nest before it is not parsed at all. It is well above what one event may have, so that an event
 * that is too deep is refused alone and its neighbours are kept.
 */
const MAX_BODY_DEPTH = 512;

/** A request that cannot be read as a whole. */
export function refused(code: HttpCode, detail: string = titleOf(code)): Refused {
  return { kind: 'refused', code, detail };
}

/** The bytes of a body as text, also when they are gzip and no header said so. */
export function readText(body: Buffer, maxBytes: number): Parsed<string> {
  if (!looksGzipped(body)) return decodeText(body);
  const inflated = gunzipNow(body, maxBytes);
  return inflated.ok ? decodeText(inflated.value) : inflated;
}

/** Text to a JSON value, under the depth that is safe for a whole body. */
export function parseBody(text: string): Parsed<unknown> {
  return parseJson(text, MAX_BODY_DEPTH);
}

/** A body to a JSON value. Content-Type has no say: clients send JSON under many names. */
export function readJsonBody(request: WireRequest): Parsed<unknown> {
  const text = readText(request.body, request.limits.maxBodyBytes);
  return text.ok ? parseBody(text.value) : text;
}
