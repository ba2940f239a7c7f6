import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CatalogueFileSchema,
  DIALECT_NAMES,
  NAMED_PATTERNS,
  PROMOTED_COLUMNS,
} from '@rollcall/contracts-catalogue';
import { HEADERS, TOPICS } from '@rollcall/contracts-transport';
import { ROOT, externalDependencies, readText, repositoryFiles } from './repository.ts';

const files = repositoryFiles();
const pages = files.filter((path) => path.endsWith('.md') && !path.startsWith('test/fixtures/'));

/** Text without fenced code, where brackets mean something else. */
function prose(page: string): string {
  return readText(page).replace(/^```[^]*?^```/gm, '');
}

/** Anchor of a heading, as git hosts make it. */
function toAnchor(heading: string): string {
  const kept = heading.toLowerCase().replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '');
  return kept.trim().replaceAll(/\s/g, '-');
}

function anchorsOf(page: string): readonly string[] {
  return [...prose(page).matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading]) =>
    toAnchor(heading ?? ''),
  );
}

/** @returns why a link from a page leads nowhere; undefined when it leads somewhere. */
function faultOf(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return `${page}: ${link} does not exist`;
  if (anchor === undefined || !statSync(join(ROOT, target)).isFile()) return undefined;
  return anchorsOf(target).includes(anchor) ? undefined : `${page}: ${link} has no such heading`;
}

describe('a page', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const local = links.filter((link) => !/^(https?|mailto):/.test(link));
    expect(local.map((link) => faultOf(page, link)).filter((fault) => fault !== undefined)).toEqual(
      [],
    );
  });
});

describe('a comment', () => {
  it('refers only to pages that are there', () => {
    const sources = files.filter((path) => /\.(ts|mjs|sql|ya?ml|Dockerfile)$/.test(path));
    const dead = sources.flatMap((path) => {
      const named = [...readText(path).matchAll(/\bdocs\/[a-z0-9/_.-]+\.md\b/g)].map(
        ([page]) => page,
      );
      return named
        .filter((page) => !existsSync(join(ROOT, page)))
        .map((page) => `${path}: ${page}`);
    });
    expect(dead).toEqual([]);
  });
});

describe('a decision record', () => {
  const records = files.filter((path) => /^docs\/adr\/\d{4}-.+\.md$/.test(path));

  it('has a number of its own', () => {
    const numbers = records.map((path) => basename(path).slice(0, 4));
    expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([]);
  });

  it.each(records)('%s has every part of the template', (record) => {
    const parts = [...readText('docs/adr/template.md').matchAll(/^## .+$/gm)].map(([part]) => part);
    const present = [...readText(record).matchAll(/^## .+$/gm)].map(([part]) => part);
    expect(present).toEqual(parts);
  });

  it('gives a reason for every package that a manifest asks for', () => {
    const table = readText('docs/adr/0002-libraries-and-versions.md');
    const rows = [...table.matchAll(/^\| +([^|]+?) +\| +([^|]+?) +\|/gm)];
    const listed = new Map(
      rows.map(([, name = '', version = '']) => [name.replaceAll('`', ''), version]),
    );
    const missing = externalDependencies().filter(
      ([name, version]) => listed.get(name) !== version,
    );
    expect([...new Set(missing.map(([name, version]) => `${name} ${version}`))]).toEqual([]);
  });
});

describe('what a person has to look up', () => {
  it.each([
    ...Object.keys(CatalogueFileSchema.shape),
    ...Object.keys(NAMED_PATTERNS),
    ...PROMOTED_COLUMNS,
  ])('is on the page about catalogue files: %s', (word) => {
    expect(readText('docs/reference/catalogue.md')).toContain(`\`${word}\``);
  });

  it.each(DIALECT_NAMES)('is on the page about dialects: %s', (name) => {
    expect(readText('docs/architecture/dialects.md')).toContain(`\`${name}\``);
  });

  it.each([...Object.values(TOPICS), ...Object.values(HEADERS)])(
    'is on the page about topics: %s',
    (name) => {
      expect(readText('docs/reference/topics.md')).toContain(`\`${name}\``);
    },
  );
});
