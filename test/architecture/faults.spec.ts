import { expect, it } from 'vitest';
import { readText } from './repository.ts';

const PAGE = 'docs/reference/faults.md';
const rows = [
  ...readText(PAGE).matchAll(/^\|[^|]+\|[^|]+\| `([^`]+\.spec\.ts)` — ([^|]+?) *\|$/gm),
].map(([, path = '', title = '']) => ({ path, title }));

it('the page of faults names tests', () => {
  expect(rows.length).toBeGreaterThan(20);
});

it.each(rows)('there is a test "$title" in $path', ({ path, title }) => {
  expect(readText(path)).toContain(title);
});
