import { CatalogueFileSchema, type ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { z } from 'zod';
import type { Finding } from '../finding.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** A file that passed its own schema. */
export interface CheckedFile {
  readonly source: YamlSource;
  readonly project: ProjectCatalogue;
}

/** Checks the shape of one file. All its faults come back together, or the file with its defaults filled in. */
export function checkShape(source: YamlSource): {
  readonly checked?: CheckedFile;
  readonly findings: Finding[];
} {
  const parsed = CatalogueFileSchema.safeParse(source.value);
  if (parsed.success) return { checked: { source, project: parsed.data }, findings: [] };
  return { findings: parsed.error.issues.flatMap((issue) => toFindings(source, issue)) };
}

function toFindings(source: YamlSource, issue: Issue): Finding[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      finding(source, [...issue.path, key], {
        problem: 'this key has no meaning here',
        advice: 'Correct its spelling or remove it',
      }),
    );
  return [finding(source, issue.path, describe(issue, valueAt(source.value, issue.path)))];
}

interface Said {
  readonly problem: string;
  readonly advice: string;
}

function describe(issue: Issue, value: unknown): Said {
  if (value === undefined && issue.code !== 'custom')
    return { problem: 'it is missing', advice: `Add it (${lowerFirst(issue.message)})` };
  switch (issue.code) {
    case 'invalid_type':
      return {
        problem: `it must be ${withArticle(issue.expected)}, not ${nameOf(value)}`,
        advice: issue.expected === 'string' ? 'Put it in quotes' : 'Correct the value',
      };
    case 'invalid_value':
      return {
        problem: 'it is not one of the known values',
        advice: `Write one of ${issue.values.map(String).join(', ')}`,
      };
    case 'invalid_union':
      return describeUnion(issue);
    case 'custom':
      return { problem: issue.message, advice: adviceOf(issue) };
    default:
      return { problem: lowerFirst(issue.message), advice: 'Correct the value' };
  }
}

/** The schema's own advice, where it gives one. */
function adviceOf({ params }: Extract<Issue, { code: 'custom' }>): string {
  const advice: unknown = params?.['advice'];
  return typeof advice === 'string' ? advice : 'See docs/reference/catalogue.md';
}

function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): Said {
  if (issue.path.at(-1) === 'write_keys')
    return {
      problem: 'it is neither "public" nor a list of SHA-256 sums',
      advice: 'Write public, or a list of the sums of the keys as 64 hexadecimal digits each',
    };
  if (issue.discriminator !== undefined)
    return {
      problem: `${issue.discriminator} is missing or not known`,
      advice:
        'Write one of keep, pseudonymize, truncate, bucket, family, first, count, path, names',
    };
  return { problem: 'it has none of the allowed forms', advice: 'See docs/reference/catalogue.md' };
}

function finding(source: YamlSource, path: readonly PropertyKey[], said: Said): Finding {
  return {
    file: source.file,
    line: source.lineOf(path),
    path: path.map(String).join('.'),
    ...said,
  };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment))
      return undefined;
    value = (value as Record<PropertyKey, unknown>)[segment];
  }
  return value;
}

function nameOf(value: unknown): string {
  if (value === null) return 'nothing';
  return withArticle(Array.isArray(value) ? 'list' : typeof value);
}

function withArticle(noun: string): string {
  const name = noun === 'array' ? 'list' : noun === 'string' ? 'text' : noun;
  if (name === 'text') return name;
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
