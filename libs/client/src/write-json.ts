/** Deepest nesting that is written; the gateway's own bound is 24 for a whole request. */
const MAX_DEPTH = 16;
/** `__proto__` and half a surrogate pair: the gateway refuses an event that has such a key. */
const UNFIT_KEY = /^__proto__$|\p{Cs}/u;

/** Thrown for a value that JSON cannot say, or only at too high a price. One for all: a stack costs more than the value. */
const UNFIT = new Error('unfit');

/** How much may still be written, in UTF-16 units; below zero it is used up. Work that came to nothing costs as well. */
export interface Budget {
  left: number;
}

/**
 * Writes one member of any object as `"key":value`, as `JSON.stringify` does, and unlike it within bounds.
 *
 * `toJSON` is called. A bigint becomes the nearest number. A cycle, bytes, too deep nesting, or something that throws
 * when it is looked at make the whole member unfit.
 *
 * Guarantee: never throws; looks at no more than the budget's number of things.
 *
 * @returns undefined for what is unfit and for what JSON leaves out (functions, symbols, undefined).
 */
export function writeMember(object: object, key: string, budget: Budget): string | undefined {
  try {
    return writeField(object, key, { budget, ancestors: [] });
  } catch {
    return undefined;
  }
}

interface Writing {
  readonly budget: Budget;
  readonly ancestors: object[];
}

function spend({ budget }: Writing, count: number): void {
  budget.left -= count;
  if (budget.left < 0) throw UNFIT;
}

function write(value: unknown, writing: Writing): string | undefined {
  if (typeof value === 'string') return quote(value, writing);
  spend(writing, 1);
  if (typeof value === 'bigint') return JSON.stringify(Number(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return writeObject(value, writing);
}

function quote(text: string, writing: Writing): string {
  spend(writing, text.length + 2);
  return JSON.stringify(text);
}

function writeObject(value: object, writing: Writing): string | undefined {
  const { ancestors } = writing;
  // bytes know how to become JSON, at many times their size
  if (ArrayBuffer.isView(value) || ancestors.length === MAX_DEPTH || ancestors.includes(value))
    throw UNFIT;
  ancestors.push(value);
  const text = writeMembers(value, writing);
  ancestors.pop();
  return text;
}

function writeMembers(value: object, writing: Writing): string | undefined {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return write(toJSON.call(value, ''), writing);
  // text in a box has a key for each of its characters
  if (value instanceof String) return quote(value.valueOf(), writing);
  return Array.isArray(value) ? writeArray(value, writing) : writeFields(value, writing);
}

function writeArray(items: readonly unknown[], writing: Writing): string {
  const texts: string[] = [];
  const { length } = items;
  spend(writing, length);
  for (let i = 0; i < length; i += 1) texts.push(write(items[i], writing) ?? 'null');
  return `[${texts.join(',')}]`;
}

function writeFields(object: object, writing: Writing): string {
  const fields = Object.keys(object).map((key) => writeField(object, key, writing));
  return `{${fields.filter((field) => field !== undefined).join(',')}}`;
}

function writeField(object: object, key: string, writing: Writing): string | undefined {
  if (UNFIT_KEY.test(key)) return undefined;
  const name = quote(key, writing);
  const text = write((object as Record<string, unknown>)[key], writing);
  return text === undefined ? undefined : `${name}:${text}`;
}
