import { join } from 'node:path';
import fc from 'fast-check';
import { describeProject, loadCatalogue, pathsOf } from '@rollcall/catalogue';
import { compilePattern, type FieldRule } from '@rollcall/contracts-catalogue';
import { compilePolicy, dryRun } from '@rollcall/privacy';
import { describe, expect, test } from 'vitest';

const SEED = 20261121;
const TRIES = 60;
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const catalogue = await loadCatalogue(join(import.meta.dirname, '../../catalogue'));

/** A pattern's text without its `(?=…)` and `(?!…)`, which may hold brackets of their own. */
function withoutLookaheads(source: string): string {
  const start = source.search(/\(\?[=!]/);
  if (start === -1) return source;
  let depth = 0;
  let end = start;
  do {
    if (source[end] === '\\') end += 1;
    else if (source[end] === '(') depth += 1;
    else if (source[end] === ')') depth -= 1;
    end += 1;
  } while (depth > 0);
  return withoutLookaheads(source.slice(0, start) + source.slice(end));
}

/** Texts that a rule keeps: of its enumeration, or made from its pattern. */
function textsFor(rule: FieldRule): readonly string[] {
  if ('enum' in rule && rule.enum !== undefined) return rule.enum;
  if (!('pattern' in rule) || rule.pattern === undefined) return ['v1.2.3'];
  const pattern = compilePattern(rule.pattern) ?? expect.unreachable();
  // the generator knows no lookaheads: it makes texts without them, and the pattern itself has the last word
  const shape = new RegExp(withoutLookaheads(pattern.source));
  const texts = fc.sample(fc.stringMatching(shape), { seed: SEED, numRuns: TRIES });
  return texts.filter((text) => pattern.test(text));
}

/** What a field that is kept as it is may hold. */
function keptValues(rule: FieldRule): readonly unknown[] {
  if (rule.type === 'boolean') return [true];
  if (rule.type === 'string') return textsFor(rule);
  if (rule.type === 'string[]') return textsFor(rule).map((text) => [text]);
  return ['range' in rule ? (rule.range?.[0] ?? 1) : 1];
}

const listed = (rule: FieldRule): readonly unknown[] =>
  textsFor(rule).flatMap((text) => [[text], [`${text}=value`], text]);

/** Values that a client could send in a field and that its rule lets through, some of them at least. */
const VALUES_FOR: Readonly<
  Record<FieldRule['treatment'], (rule: FieldRule) => readonly unknown[]>
> = {
  keep: keptValues,
  pseudonymize: () => ['an-installation-of-somebody'],
  family: () => [AGENT],
  bucket: (rule) => ('edges' in rule ? rule.edges.map((edge) => edge + 1) : []),
  count: () => [['one', 'two']],
  truncate: () => ['v1.2.3', '2026-11-21T03:04:05Z'],
  path: (rule) =>
    textsFor(rule).flatMap((path) => [{ Path: path }, `https://glasskube.dev${path}?q=1`]),
  names: listed,
  first: listed,
};

function nested(path: string, value: unknown): Record<string, unknown> {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<
    string,
    unknown
  >;
}

function valueAt(properties: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
      properties,
    );
}

describe.each([...catalogue.projects.keys()])('the page of %s', (name) => {
  const project = catalogue.projects.get(name) ?? expect.unreachable();
  const policies = new Map([[name, compilePolicy(project)]]);
  const page = describeProject(project);

  function isKept(event: string, path: string, rule: FieldRule): boolean {
    return VALUES_FOR[rule.treatment](rule).some((value) => {
      const raw = {
        project: name,
        dialect: 'native',
        event,
        event_id: 'e-1',
        installation_id: 'i-1',
        occurred_at: null,
        received_at: Date.UTC(2026, 10, 21),
        properties: nested(path, value),
      };
      const [row] = dryRun(policies, [raw]).stored;
      return (
        row !== undefined && 'properties' in row && valueAt(row.properties, path) !== undefined
      );
    });
  }

  test('names no field that is not collected when it is sent', () => {
    const missing: string[] = [];
    for (const event of page.events) {
      const rules = pathsOf(project, event.name) ?? expect.unreachable();
      const named = [...page.commonFields, ...event.fields].map(({ path }) => path);
      for (const path of named) {
        const rule = rules.get(path);
        if (rule === undefined || !isKept(event.name, path, rule))
          missing.push(`${event.name} ${path}`);
      }
    }
    expect(missing).toEqual([]);
    expect(page.events.length).toBeGreaterThan(0);
  });

  test('names every field that is collected when it is sent', () => {
    for (const event of page.events) {
      const named = new Set([...page.commonFields, ...event.fields].map(({ path }) => path));
      const declared = [...(pathsOf(project, event.name)?.keys() ?? [])];
      expect(declared.filter((path) => !named.has(path))).toEqual([]);
    }
  });
});
