import { shapeFault, type EventFault } from './event-fault.ts';

/** A JSON object as it comes out of the parser: no prototype tricks, any keys. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether an object has a key `__proto__` itself; {@link settle} looks at what is in it as well. For what stands around
 * events: no client of any kind sends it, so the request is not what it says it is.
 */
export function isPoisoned(object: JsonObject): boolean {
  return Object.hasOwn(object, '__proto__');
}

/**
 * Makes a parsed value fit to be stored, or says why it is not.
 *
 * Faults: a key `__proto__` anywhere (`GW_KEY_FORBIDDEN`), deeper than `maxDepth` (`GW_BODY_TOO_DEEP`), a number too
 * large to be one, such as 1e999, and a key with half a surrogate pair (`GW_EVENT_SHAPE`).
 * Half a surrogate pair in a string, which is what a client leaves that cuts text between two code units, becomes U+FFFD
 * in place: the rest of the event is as good as ever, and such a string could be neither UTF-8 nor a row.
 *
 * Guarantee: recursion ends at `maxDepth`; linear in the size of the value.
 */
export function settle(
  container: JsonObject | unknown[],
  path: string,
  maxDepth: number,
): EventFault | undefined {
  if (maxDepth === 0)
    return { code: 'GW_BODY_TOO_DEEP', detail: shapeFault(path, 'too deep').detail };
  return Array.isArray(container)
    ? settleItems(container, path, maxDepth)
    : settleFields(container, path, maxDepth);
}

function settleItems(items: unknown[], path: string, maxDepth: number): EventFault | undefined {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (isPlain(item)) continue;
    const settled = settleValue(item, path, maxDepth);
    if (typeof settled === 'string') items[index] = settled;
    else if (settled !== undefined) return settled;
  }
  return undefined;
}

function settleFields(object: JsonObject, path: string, maxDepth: number): EventFault | undefined {
  for (const key in object) {
    if (key === '__proto__') return { code: 'GW_KEY_FORBIDDEN', detail: below(path, key) };
    if (!key.isWellFormed()) return shapeFault(path, 'a key is not valid Unicode');
    const value = object[key];
    if (isPlain(value)) continue;
    const settled = settleValue(value, below(path, key), maxDepth);
    if (typeof settled === 'string') object[key] = settled;
    else if (settled !== undefined) return settled;
  }
  return undefined;
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Whether nothing has to be done. Kept apart so that the common value costs no call and no path. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null;
}

/** @returns what must replace a string, a fault, or undefined when the value may stay as it is now. */
function settleValue(
  value: unknown,
  path: string,
  maxDepth: number,
): string | EventFault | undefined {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return shapeFault(path, 'the number is too large');
  return settle(value as JsonObject | unknown[], path, maxDepth - 1);
}
