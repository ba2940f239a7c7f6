import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compilePattern,
  type FieldRule,
  type ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import type { Catalogue } from './catalogue.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { pathsOf } from './paths-of.ts';
import { fieldList } from './rules/field-list.ts';

const ROOT = join(import.meta.dirname, '../../..');

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(join(ROOT, 'catalogue'));
});

function project(name: string): ProjectCatalogue {
  const found = catalogue.projects.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const IDENTIFIERS = [
  'jane.doe@example.org',
  '56279633-3131-436b-b8f2-9008a49a2f12',
  'abcdefab-cdef-abcd-abcd-abcdefabcdef',
  '562796333131436bb8f29008a49a2f12',
  'B6F7D2A4-0C53-4F0E-8C0D-2F6F1C9B7A31',
  '/home/jane/api.yaml',
  '/Users/jane/api.yaml',
  'C:\\Users\\jane\\api.yaml',
  '203.0.113.7',
  '10.0.0.1',
  '2001:db8::8a2e:370:7334',
  '00:1b:44:11:3a:b7',
  '00-1b-44-11-3a-b7',
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'sk-live-51H8xK2eZvKYlo2C0aBcDeFgH',
  'phc_9dK2mZ7vQ1xR4tY8wB3nC6jL5hG0fS',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N',
  '9b6f2e0b7c1d4e5f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d0e1f',
  'janes-laptop.corp.example.org',
  'https://example.org/?token=abc',
  '+49 30 901820',
  '202-555-0147',
];

/** Texts that rules let through, for identifiers to hide behind. */
const CARRIERS = [
  'v1.2.3',
  '1.2.3-rc.1',
  'edge-24.12.1',
  'cozystack.core',
  '6.6.64-talos',
  '6.8.0-63-generic',
  'linux (Talos (v1.8.4))',
  'linux (Ubuntu 24.04.2 LTS)',
  'nvidia.com/gpu',
  'nvidia.com/TU104GL_TESLA_T4',
  '/packages/x',
  '/clusterpackages/cert-manager',
  '/docs/getting-started',
];
const SEPARATORS = ['', '-', '.', '+', '_', '/', ' ', ':', '?'];

const SEEDED = [
  ...IDENTIFIERS,
  ...IDENTIFIERS.map((identifier) => `/${identifier}`),
  ...CARRIERS.flatMap((carrier) =>
    SEPARATORS.flatMap((separator) =>
      IDENTIFIERS.flatMap((identifier) => [
        `${carrier}${separator}${identifier}`,
        `${identifier}${separator}${carrier}`,
      ]),
    ),
  ),
];

/** Whether a rule's bound lets a text through unchanged. */
function isLetThrough(rule: FieldRule, text: string): boolean {
  if (!('maxLength' in rule)) return false;
  if (rule.enum?.includes(text) === true) return true;
  const pattern = rule.pattern === undefined ? undefined : compilePattern(rule.pattern);
  return text.length <= rule.maxLength && pattern?.test(text) === true;
}

describe('the shipped catalogue', () => {
  it.each(['kamaji', 'sveltos', 'cozystack', 'kusk', 'glasskube'])(
    'of %s lets no identifier through any rule for text, alone or behind something harmless',
    (name) => {
      const patterns = new Map(
        fieldList(project(name)).map(({ rule }) => ['pattern' in rule ? rule.pattern : '', rule]),
      );
      const leaks = [...patterns.values()].flatMap((rule) =>
        SEEDED.filter((text) => isLetThrough(rule, text)),
      );
      expect(leaks).toEqual([]);
    },
  );

  it('says in words what each expression of its own means', () => {
    const rules = [...catalogue.projects.values()].flatMap((each) =>
      fieldList(each).map(({ rule }) => rule),
    );
    const expressions = rules.filter(
      (rule) => 'pattern' in rule && rule.pattern?.startsWith('/') === true,
    );
    expect(expressions.filter((rule) => !('form' in rule))).toEqual([]);
  });

  it('lets its own carriers through, so that the test above tests something', () => {
    const rules = [...catalogue.projects.values()].flatMap((each) =>
      fieldList(each).map(({ rule }) => rule),
    );
    const stopped = CARRIERS.filter((text) => !rules.some((rule) => isLetThrough(rule, text)));
    expect(stopped).toEqual([]);
  });
});

/** Leaves of a JSON value by dotted path. Lists are leaves, and so is an object for a rule that takes one. */
function leavesOf(value: unknown, at = ''): [string, unknown][] {
  const isInner = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isInner || (at === 'path' && 'Path' in value)) return at === '' ? [] : [[at, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, at === '' ? key : `${at}.${key}`),
  );
}

function isSaidToBeDropped({ dropped }: ProjectCatalogue, path: string): boolean {
  return Object.keys(dropped).some((entry) =>
    entry.endsWith('*')
      ? path.startsWith(entry.slice(0, -1))
      : path === entry || path.startsWith(`${entry}.`),
  );
}

/** Paths of an event that the file neither declares nor says to drop. */
function unexplained(name: string, event: string, properties: unknown): string[] {
  const rules = pathsOf(project(name), event);
  if (rules === undefined) return [`no event ${event}`];
  return leavesOf(properties)
    .map(([path]) => path)
    .filter((path) => !rules.has(path) && !isSaidToBeDropped(project(name), path));
}

interface Capture {
  readonly requests: readonly {
    readonly path: string;
    readonly bodyText: string;
    readonly bodyJson: unknown;
  }[];
}

async function capture(name: string): Promise<Capture['requests']> {
  const text = await readFile(join(ROOT, `test/fixtures/captures/${name}.json`), 'utf8');
  return (JSON.parse(text) as Capture).requests;
}

type Body = Record<string, unknown>;

describe('every field of a real client is explained', () => {
  it('for Kamaji', async () => {
    for (const { path, bodyJson } of await capture('kamaji')) {
      const { uuid: _installation, ...properties } = bodyJson as Body;
      expect(unexplained('kamaji', path.slice(1), properties)).toEqual([]);
    }
  });

  it('for Sveltos', async () => {
    for (const { bodyJson } of await capture('sveltos-real')) {
      const { uuid: _installation, ...properties } = bodyJson as Body;
      expect(unexplained('sveltos', 'report', properties)).toEqual([]);
    }
  });

  it('for Kusk', async () => {
    for (const { bodyJson } of await capture('kusk')) {
      const { batch, context } = bodyJson as { batch: Body[]; context: unknown };
      for (const { event, properties } of batch) {
        const all = { ...(properties as Body), $context: context };
        expect(unexplained('kusk', String(event), all)).toEqual([]);
      }
    }
  });

  it('for Glasskube', async () => {
    for (const { bodyJson } of await capture('glasskube'))
      for (const { event, properties } of (bodyJson as { batch: Body[] }).batch)
        expect(unexplained('glasskube', String(event), properties)).toEqual([]);
  });

  it('for Cozystack, label by label', async () => {
    const requests = await capture('cozystack-real');
    const labels = requests.flatMap(({ bodyText }) =>
      bodyText.trim().split('\n').flatMap(labelsOf),
    );
    expect(labels.length).toBeGreaterThan(15);
    for (const { metric, label, value } of labels) {
      const rule = project('cozystack').metrics[metric]?.labels[label];
      expect(rule && isLetThrough(rule, value), `${metric}{${label}=${value}}`).toBe(true);
    }
  });

  it('for Cozystack, metric by metric', async () => {
    const requests = await capture('cozystack-real');
    const names = requests.flatMap(({ bodyText }) =>
      [...bodyText.matchAll(/^[a-z_]+/gm)].map(String),
    );
    expect(Object.keys(project('cozystack').metrics)).toEqual(expect.arrayContaining(names));
  });
});

function labelsOf(line: string): { metric: string; label: string; value: string }[] {
  const metric = /^[a-z_]+/.exec(line)?.[0] ?? '';
  const pairs = [...line.matchAll(/([a-z_]+)="([^"]*)"/g)];
  return pairs.map(([, label = '', value = '']) => ({ metric, label, value }));
}

describe('what the projects promise', () => {
  it('Kusk keeps the first word of a command and no error', () => {
    const rules = pathsOf(project('kusk'), 'kusk-cli');
    expect(rules?.get('command')).toMatchObject({ treatment: 'first', otherwise: 'other' });
    expect(rules?.has('error')).toBe(false);
  });

  it('Kusk takes a message with an error’s text for an unknown one', () => {
    const rule = pathsOf(project('kusk'), 'kusk')?.get('message');
    const text = 'kusk-gateway manager bootstrapping failed: open /home/jane/kube/config';
    expect(rule && isLetThrough(rule, text)).toBe(false);
    expect(rule).toMatchObject({ otherwise: 'other' });
  });

  it('Glasskube keeps names of flags and no profile', () => {
    const events = Object.keys(project('glasskube').events);
    const rules = events.flatMap((event) => [...(pathsOf(project('glasskube'), event) ?? [])]);
    expect(rules.filter(([path]) => path === 'flags').map(([, rule]) => rule.treatment)).toContain(
      'names',
    );
    expect(rules.some(([path]) => path.endsWith('github_url') || path === 'arguments')).toBe(false);
  });

  it('Glasskube keeps browser family and visited path of its website, and nothing else', () => {
    const own = Object.entries(project('glasskube').events['$pageview']?.fields ?? {});
    expect(own.map(([path, { treatment }]) => `${path}: ${treatment}`)).toEqual([
      '$current_url: path',
      '$raw_user_agent: family',
    ]);
  });

  it('Cozystack’s capacities are bucketed and its workloads’ identifiers replaced', () => {
    const { metrics } = project('cozystack');
    expect(metrics['cozy_cluster_capacity']?.value.treatment).toBe('bucket');
    expect(metrics['cozy_workloads_count']?.labels['uid']?.treatment).toBe('pseudonymize');
  });

  it('Sveltos keeps its fourteen facts beside the identifier', () => {
    expect(Object.keys(project('sveltos').events['report']?.fields ?? {})).toHaveLength(14);
  });

  it('every project counts opt-outs, without any field', () => {
    for (const { events } of catalogue.projects.values())
      expect(events['$opt_out']?.fields).toEqual({});
  });
});
