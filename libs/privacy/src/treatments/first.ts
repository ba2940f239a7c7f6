import type { FieldRule } from '@rollcall/contracts-catalogue';
import { createTextBound } from './text-bound.ts';
import { WRONG_TYPE, WRONG_VALUE, isTextList, type Treatment } from './treatment.ts';

type FirstRule = Extract<FieldRule, { treatment: 'first' }>;

/** The first element of a list, or the first word of a text, when the rule's bound lets it through. */
export function createFirst(rule: FirstRule): Treatment {
  const bound = createTextBound(rule);
  const isList = rule.type === 'string[]';
  return function first(value) {
    if (isList ? !isTextList(value) : typeof value !== 'string') return WRONG_TYPE;
    const element = isList ? (value as readonly string[])[0] : firstWord(value as string);
    return element === undefined || element === '' ? WRONG_VALUE : bound(element);
  };
}

function firstWord(text: string): string | undefined {
  return /\S+/.exec(text)?.[0];
}
