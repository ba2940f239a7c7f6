import { looksGzipped, type Parsed } from '@rollcall/codec';
import type { WireRequest } from '../dialect.ts';
import { parseBody, readText } from '../json-body.ts';
import { decompressLz64 } from './lz64.ts';

/** A form may name its compression before the data. */
const FORM = /(?:^|&)data=/;
const OPENING = /^(?:[[{]|%[57]B)/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * The JSON of a PostHog request, however it is wrapped: plain, gzip with or without a word about it, a form or a query
 * with `data=`, base64, lz64, or several of these.
 *
 * Guarantee: hints are tried only where the bytes do not speak for themselves; no step inflates past `maxBodyBytes`.
 */
export function readPostHogBody(request: WireRequest): Parsed<unknown> {
  const text = unwrap(request);
  return text.ok ? parseBody(text.value) : text;
}

function unwrap({ body, query, limits }: WireRequest): Parsed<string> {
  const hint = query.get('compression');
  if (body.length === 0) return unpack(query.get('data') ?? '', hint, limits.maxBodyBytes);
  const text = readText(body, limits.maxBodyBytes);
  if (!text.ok || looksLikeJson(text.value)) return text;
  if (!FORM.test(text.value)) return unpack(text.value, hint, limits.maxBodyBytes);
  const form = new URLSearchParams(text.value);
  const formHint = hint ?? form.get('compression');
  return unpack(form.get('data') ?? '', formHint, limits.maxBodyBytes);
}

function unpack(text: string, hint: string | null, maxBytes: number): Parsed<string> {
  const data = text.trim();
  if (data === '') return { ok: false, code: 'GW_BODY_EMPTY' };
  if (looksLikeJson(data)) return { ok: true, value: data };
  // a `+` of base64 that was not escaped in a form comes out as a blank
  const packed = data.replaceAll(' ', '+');
  if (hint === 'lz64') return decompressLz64(packed, maxBytes);
  if (!BASE64.test(packed)) return { ok: true, value: data };
  const bytes = Buffer.from(packed, 'base64');
  return looksGzipped(bytes) || OPENING.test(bytes.toString('latin1', 0, 3))
    ? unescapeOnce(readText(bytes, maxBytes))
    : { ok: true, value: data };
}

/** Some libraries percent-encode the JSON before they put it in base64. */
function unescapeOnce(text: Parsed<string>): Parsed<string> {
  if (!text.ok || !text.value.startsWith('%')) return text;
  try {
    return { ok: true, value: decodeURIComponent(text.value) };
  } catch {
    return { ok: false, code: 'GW_BODY_NOT_UTF8' };
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}
