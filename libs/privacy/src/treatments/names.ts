import type { FieldRule } from '@rollcall/contracts-catalogue';
import { boundList, createTextBound, type BoundText } from './text-bound.ts';
import { WRONG_TYPE, WRONG_VALUE, isTextList, type Treatment } from './treatment.ts';

type NamesRule = Extract<FieldRule, { treatment: 'names' }>;

/**
 * Flags without their values: `--name=value` to `--name`. An element without a leading dash is the value of the flag
 * before it (`--name value`) and is left out, whatever the rule says.
 */
export function createNames(rule: NamesRule): Treatment {
  const bound = createTextBound(rule);
  const nameOf: BoundText = (element) =>
    element.startsWith('-') ? bound(beforeEquals(element)) : WRONG_VALUE;
  return (value) => (isTextList(value) ? boundList(value, nameOf) : WRONG_TYPE);
}

function beforeEquals(element: string): string {
  const end = element.indexOf('=');
  return end === -1 ? element : element.slice(0, end);
}
