import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueFileSchema, type CatalogueFileInput } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { expect, it } from 'vitest';
import { compilePolicy } from './policy.ts';

const acme = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/acme.json'), 'utf8'),
) as CatalogueFileInput;

const withFields = (fields: Record<string, object>) =>
  compilePolicy(
    CatalogueFileSchema.parse({
      ...acme,
      events: { used: { purpose: 'x', fields: withPurpose(fields) } },
    }),
  );
const withPurpose = (fields: Record<string, object>) =>
  Object.fromEntries(
    Object.entries(fields).map(([path, rule]) => [path, { purpose: 'x', ...rule }]),
  );

const count = { type: 'integer', treatment: 'keep' };

it('gives every event the common fields and its own', () => {
  const policy = compilePolicy(CatalogueFileSchema.parse(acme));
  expect([...policy.events.keys()]).toEqual(['used', 'pushed']);
  expect([...policy.events.get('pushed')!.children.keys()]).toEqual(['version']);
  expect(policy).toMatchObject({ retentionMs: 30 * 86_400_000, allowedSkewMs: 48 * 3_600_000 });
});

it.each<[string, Record<string, object>]>([
  ['a value that is an object as well', { a: count, 'a.b': count }],
  ['an object that is a value as well', { 'a.b': count, a: count }],
  ['a path with an empty key', { 'a..b': count }],
  ['a path over __proto__', { '__proto__.a': count }],
  ['a path over constructor', { 'a.constructor': count }],
  ['a pattern that does not compile', { a: { type: 'string', treatment: 'keep', pattern: '/(/' } }],
  ['an enumeration of numbers', { a: { ...count, enum: ['1'] } }],
  ['a range of text', { a: { type: 'string', treatment: 'keep', enum: ['a'], range: [0, 1] } }],
  ['a list in a column', { a: { type: 'string[]', treatment: 'keep', enum: ['a'], column: 'os' } }],
  ['edges that do not ascend', { a: { type: 'integer', treatment: 'bucket', edges: [1, 1] } }],
])('refuses %s, by place', (_name, fields) => {
  const compile = () => withFields(fields);
  expect(compile).toThrow(RollcallError);
  expect(compile).toThrow(/acme, event used/);
});
