import type { HttpCode } from '@rollcall/contracts-transport';

/** A value, or the code that says why there is none. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: HttpCode };

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

/** Whether brackets nest deeper than the limit. Looks at characters only, so that no parser has to recurse first. */
function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (isInString) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) isInString = true;
    // `|0x20` folds `[` and `{` (0x5b, 0x7b) and `]` and `}` (0x5d, 0x7d) together
    else if ((char | 0x20) === OPEN_BRACE && char >= OPEN_BRACKET) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if ((char | 0x20) === 0x7d && char >= 0x5d) depth -= 1;
  }
  return false;
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
