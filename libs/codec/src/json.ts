import type { HttpCode } from '@rollcall/contracts-transport';

/** A value, or the code that says why there is none. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: HttpCode };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Bytes to text. A leading byte order mark is dropped. Fails with `GW_BODY_NOT_UTF8`; nothing is replaced silently. */
export function decodeText(bytes: Uint8Array): Parsed<string> {
  try {
    return { ok: true, value: strictUtf8.decode(bytes) };
  } catch {
    return { ok: false, code: 'GW_BODY_NOT_UTF8' };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Whether brackets nest deeper than the limit. Looks at characters only, so that no parser has to recurse first; strings,
 * most of any event, are stepped over by the engine's own search.
 */
function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = endOfString(text, i + 1);
    else if (char < OPEN_BRACKET) continue;
    // `|0x20` folds `[` and `{` (0x5b, 0x7b) and `]` and `}` (0x5d, 0x7d) together
    else if ((char | 0x20) === OPEN_BRACE) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if ((char | 0x20) === CLOSE_BRACE) depth -= 1;
  }
  return false;
}

/** Index of the quote that ends a string: the first with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (before >= start && text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote;
  }
  return text.length;
}

/**
 * Text to a JSON value.
 *
 * Guarantee: never throws; depth is checked before parsing; an own key `__proto__` stays data (see
 * {@link hasForbiddenKey}), it never reaches a prototype.
 */
export function parseJson(text: string, maxDepth: number): Parsed<unknown> {
  if (isDeeperThan(text, maxDepth)) return { ok: false, code: 'GW_BODY_TOO_DEEP' };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, code: 'GW_BODY_NOT_JSON' };
  }
}

/** Whether the text can hold a forbidden key at all: spelled out, or hidden behind a unicode escape. */
export function mayHaveForbiddenKey(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u');
}

/** Whether a parsed value has an own key `__proto__` anywhere. Worth calling after {@link mayHaveForbiddenKey} only. */
export function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.keys(value).some(
    (key) => key === '__proto__' || hasForbiddenKey((value as Record<string, unknown>)[key]),
  );
}
