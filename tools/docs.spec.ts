import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';
import { describe, expect, it } from 'vitest';
import { withGraph } from './graph.ts';
import { referencePages } from './reference.ts';

const ROOT = join(import.meta.dirname, '..');
const pages = [...(await referencePages())].map(
  ([name, page]) => [name, page, existsSync(join(ROOT, 'docs/reference', name))] as const,
);

describe('a generated page', () => {
  it.each(pages)(
    'says what the sources say today (else: npm run docs): %s',
    async (name, page, wasThere) => {
      await expect(page).toMatchFileSnapshot(join(ROOT, 'docs/reference', name));
      // vitest writes a snapshot that is missing; a page that was not there is not a fresh one
      expect(wasThere).toBe(true);
    },
  );
});

describe('the dependency graph of ARCHITECTURE.md', () => {
  it('is that of the projects today (else: npm run docs)', async () => {
    const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const graph = await createProjectGraphAsync({ exitOnError: false });
    expect(page).toBe(await withGraph(page, graph));
  }, 60_000);
});
