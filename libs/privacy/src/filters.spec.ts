import { expect, it } from 'vitest';
import { compileFilters, raiseFlags } from './filters.ts';
import type { FieldPolicy } from './policy.ts';

const filters = compileFilters({
  filters: {
    ci: [{ title: 'Made for tests', field: 'provider', equals: ['kind'] }],
    dev: [{ title: 'No release', field: 'version', equals: [0], pattern: '/.*-dev/' }],
    fork: [],
  },
});

function flagsOf(path: string, value: unknown, column?: FieldPolicy['column']) {
  const flags = { is_ci: 0 as const, is_dev: 0 as const, is_fork: 0 as const };
  const policy = { kind: 'field' as const, path, keys: [path], column, treatment: undefined };
  raiseFlags(flags, filters, { policy, value });
  return flags;
}

it.each([
  ['a value by its path', 'version', 0, undefined, { is_ci: 0, is_dev: 1, is_fork: 0 }],
  ['a pattern, on the whole value', 'version', '1.4-dev', undefined, { is_dev: 1 }],
  ['nothing on a part of the value', 'version', '1.4-device', undefined, { is_dev: 0 }],
  ['a value by the column it fills', 'cluster.provider', 'kind', 'provider', { is_ci: 1 }],
  ['nothing in another field', 'other', 'kind', undefined, { is_ci: 0 }],
] as const)('a filter finds %s', (...[, path, value, column, flags]) => {
  expect(flagsOf(path, value, column)).toMatchObject(flags);
});
