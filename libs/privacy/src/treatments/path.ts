import type { FieldRule } from '@rollcall/contracts-catalogue';
import { createTextBound } from './text-bound.ts';
import { WRONG_TYPE, type Treatment } from './treatment.ts';

type PathRule = Extract<FieldRule, { treatment: 'path' }>;

const SCHEME_AND_HOST = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/[^/?#\\]*/;

/**
 * The path of an address, when the rule's bound lets it through. The address is a text, or a Go `url.URL` written as
 * JSON (`{"Path": …}`), by the declared type.
 *
 * Guarantee: scheme, user, host, query and fragment are gone before the bound looks.
 */
export function createPath(rule: PathRule): Treatment {
  const bound = createTextBound(rule);
  const isObject = rule.type === 'object';
  return function path(value) {
    const address = isObject ? goUrlPath(value) : value;
    return typeof address === 'string' ? bound(pathOf(address)) : WRONG_TYPE;
  };
}

function goUrlPath(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'Path'))
    return undefined;
  return (value as { Path: unknown }).Path;
}

function pathOf(address: string): string {
  const local = address.replace(SCHEME_AND_HOST, '');
  const end = local.search(/[?#]/);
  const path = end === -1 ? local : local.slice(0, end);
  return path === '' ? '/' : path;
}
