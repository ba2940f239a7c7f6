import type { FieldRule } from '@rollcall/contracts-catalogue';
import { boundList, createTextBound } from './text-bound.ts';
import { WRONG_TYPE, WRONG_VALUE, isTextList, type Treatment } from './treatment.ts';

type KeepRule = Extract<FieldRule, { treatment: 'keep' }>;

/** Kept as it is, within the rule's bound. Numbers are finite; whole ones are exact (below 2^53). */
export function createKeep(rule: KeepRule): Treatment {
  switch (rule.type) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : WRONG_TYPE);
    case 'integer':
    case 'number':
      return createKeepNumber(rule);
    case 'string[]': {
      const bound = createTextBound(rule);
      return (value) => (isTextList(value) ? boundList(value, bound) : WRONG_TYPE);
    }
    case 'string': {
      const bound = createTextBound(rule);
      return (value) => (typeof value === 'string' ? bound(value) : WRONG_TYPE);
    }
    case 'object':
      return () => WRONG_TYPE;
  }
}

function createKeepNumber({ type, range }: KeepRule): Treatment {
  const [least, most] = range ?? [-Infinity, Infinity];
  const isWhole = type === 'integer';
  return function keepNumber(value) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return WRONG_TYPE;
    if (isWhole && !Number.isInteger(value)) return WRONG_TYPE;
    // JSON writes 1e20 as a whole number, which ClickHouse refuses with the whole row; beyond 2^53 it is not exact anyway
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return WRONG_VALUE;
    return value >= least && value <= most ? value : WRONG_VALUE;
  };
}
