import { expect, test } from 'vitest';
import { findWrongType, toFieldTypes } from './declared-types.ts';

const types = toFieldTypes([
  ['running', 'integer'],
  ['datastores.etcd.count', 'integer'],
  ['name', 'string'],
  ['flags', 'string[]'],
]);

test.each([
  ['a numeric field as text', { running: '7' }, 'running'],
  ['a fraction for an integer', { running: 1.5 }, 'running'],
  ['a nested field', { datastores: { etcd: { count: true } } }, 'datastores.etcd.count'],
  ['a list of something else', { flags: ['a', 1] }, 'flags'],
])('finds %s', (_, properties, path) => {
  expect(findWrongType(properties, types)?.path).toBe(path);
});

test('minds neither fields that are missing or null, nor fields that are not declared', () => {
  expect(findWrongType({ running: null, other: Symbol.iterator }, types)).toBeUndefined();
});

test('does not look up inherited keys', () => {
  expect(findWrongType({}, toFieldTypes([['constructor', 'string']]))).toBeUndefined();
});
