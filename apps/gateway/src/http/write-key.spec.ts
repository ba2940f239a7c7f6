import { CatalogueFileSchema, type ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { expect, test } from 'vitest';
import { hashKey, mayWrite } from './write-key.ts';

function projectWith(writeKeys: 'public' | string[]): ProjectCatalogue {
  return {
    ...({} as ProjectCatalogue),
    write_keys: CatalogueFileSchema.shape.write_keys.parse(writeKeys),
  };
}

test('lets anyone write to a public project', () => {
  expect(mayWrite(projectWith('public'), undefined)).toBe(true);
});

test('lets only a known key write, wherever it stands in the list', () => {
  const project = projectWith([hashKey('one').toString('hex'), hashKey('two').toString('hex')]);
  expect(['one', 'two', 'three', '', undefined].map((key) => mayWrite(project, key))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('lets nobody write when a project has no key', () => {
  expect(mayWrite(projectWith([]), 'anything')).toBe(false);
});
