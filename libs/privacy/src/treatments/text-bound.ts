import { compilePattern } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { hasIdentifierShape } from '../identifier-shape.ts';
import { MAX_LIST_LENGTH, WRONG_VALUE, type Treated, type Refusal } from './treatment.ts';

/** The part of a field rule that says which texts are let through. */
export interface TextBound {
  readonly enum?: readonly string[] | undefined;
  readonly otherwise?: string | undefined;
  readonly pattern?: string | undefined;
  readonly maxLength: number;
}

/**
 * Accepted texts that are remembered per field, so that a fleet on one version costs one look. Refused ones never are:
 * they could be anything.
 */
const MAX_REMEMBERED = 500;

export type BoundText = (text: string) => string | typeof WRONG_VALUE;

const CONTROL = /\p{Cc}/u;

/**
 * Compiles a bound: text in `enum`, or matching `pattern` within `maxLength`, is let through; other text becomes
 * `otherwise`, or is refused. A bound without either lets nothing through.
 *
 * @throws CAT_INVALID when the pattern does not compile
 */
export function createTextBound({
  enum: known,
  otherwise,
  pattern,
  maxLength,
}: TextBound): BoundText {
  const words = new Set(known);
  const form = pattern === undefined ? undefined : compilePattern(pattern);
  if (pattern !== undefined && form === undefined)
    throw new RollcallError('CAT_INVALID', `the pattern ${pattern} does not compile`);
  const otherText = otherwise ?? WRONG_VALUE;
  const accepted = new Set<string>();
  return function bound(text) {
    if (words.has(text) || accepted.has(text)) return text;
    if (form === undefined || text.length > maxLength || !form.test(text)) return otherText;
    if (!isPlain(text)) return otherText;
    if (accepted.size >= MAX_REMEMBERED) accepted.clear();
    accepted.add(text);
    return text;
  };
}

/** Whether a text that has the right form is also harmless: for ClickHouse's parser, and for the person behind it. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text) && !hasIdentifierShape(text);
}

/** Applies a bound to each element; refused ones are left out, and a list of which nothing is left is refused. */
export function boundList(list: readonly string[], bound: BoundText): Treated | Refusal {
  const kept: string[] = [];
  for (const element of list) {
    const text = bound(element);
    if (text !== WRONG_VALUE) kept.push(text);
    if (kept.length === MAX_LIST_LENGTH) break;
  }
  return kept.length === 0 && list.length > 0 ? WRONG_VALUE : kept;
}
