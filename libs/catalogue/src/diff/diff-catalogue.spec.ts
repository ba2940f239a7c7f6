import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  CatalogueFileSchema,
  type CatalogueFileInput,
  type ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import { loadCatalogueFile } from '../load-catalogue.ts';
import type { CatalogueChange } from './change.ts';
import { diffCatalogue } from './diff-catalogue.ts';

const SHIPPED = join(import.meta.dirname, '../../../../catalogue');

let base: ProjectCatalogue;
beforeAll(async () => {
  base = await loadCatalogueFile(join(SHIPPED, 'kamaji.yaml'));
});

function changes(
  before: Partial<CatalogueFileInput>,
  after: Partial<CatalogueFileInput>,
): CatalogueChange[] {
  const read = (part: Partial<CatalogueFileInput>): ReadonlyMap<string, ProjectCatalogue> =>
    new Map([['kamaji', CatalogueFileSchema.parse({ ...base, ...part })]]);
  return diffCatalogue(read(before), read(after));
}

type Rule = Record<string, unknown>;

/** Kinds of the changes between two rules of one field. */
function kindsOf(before: Rule, after: Rule): string[] {
  const events = (rule: Rule): Partial<CatalogueFileInput> => {
    const fields = { f: { purpose: 'p', ...rule } } as unknown as ProjectCatalogue['fields'];
    return { events: { e: { purpose: 'p', fields } } };
  };
  return changes(events(before), events(after)).map(({ kind }) => kind);
}

const text = (rest: Rule): Rule => ({ type: 'string', treatment: 'keep', ...rest });
const number = (rest: Rule): Rule => ({
  type: 'integer',
  treatment: 'keep',
  range: [0, 10],
  ...rest,
});

describe('diffCatalogue', () => {
  it('says nothing about equal catalogues', () => {
    expect(changes({}, {})).toEqual([]);
  });

  it('says that a project is new or gone', () => {
    const projects = new Map([['kamaji', base]]);
    expect(diffCatalogue(new Map(), projects)).toEqual([
      { project: 'kamaji', path: '', kind: 'widens', text: 'new project' },
    ]);
    expect(diffCatalogue(projects, new Map())[0]?.kind).toBe('narrows');
  });

  it('names a new event with its fields, and one that is gone', () => {
    const { create, ...others } = base.events;
    expect(changes({ events: others }, {})).toEqual([
      {
        project: 'kamaji',
        path: 'events.create',
        kind: 'widens',
        text: 'new event with tcp_version, cluster_api, network_profile',
      },
    ]);
    expect(changes({}, { events: others })).toMatchObject([
      { path: 'events.create', kind: 'narrows' },
    ]);
    expect(create).toBeDefined();
  });

  it('names a new common field, and one that is gone', () => {
    const { kubernetes_version: _gone, ...others } = base.fields;
    expect(changes({ fields: others }, {})).toMatchObject([
      { path: 'fields.kubernetes_version', kind: 'widens', text: 'new field (keep)' },
    ]);
    expect(changes({}, { fields: others })).toMatchObject([{ kind: 'narrows' }]);
  });

  it('names new metrics and labels', () => {
    const value = number({ purpose: 'p' }) as never;
    const label = text({ enum: ['a'], purpose: 'p' }) as never;
    const metrics = { up: { purpose: 'p', value } };
    expect(changes({}, { metrics })).toMatchObject([{ path: 'metrics.up', kind: 'widens' }]);
    expect(
      changes({ metrics }, { metrics: { up: { purpose: 'p', value, labels: { label } } } }),
    ).toMatchObject([{ path: 'metrics.up.labels.label', kind: 'widens' }]);
    const wider = number({ purpose: 'p', range: [0, 99] }) as never;
    expect(changes({ metrics }, { metrics: { up: { purpose: 'p', value: wider } } })).toMatchObject(
      [{ path: 'metrics.up.value', kind: 'widens' }],
    );
  });
});

describe('a changed setting', () => {
  it.each<[string, Partial<CatalogueFileInput>, Partial<CatalogueFileInput>]>([
    ['longer retention', { retention_days: 10 }, { retention_days: 20 }],
    ['a longer skew', { allowed_skew_hours: 1 }, { allowed_skew_hours: 2 }],
    ['fewer installations behind a number', { minimum_cell: 10 }, { minimum_cell: 5 }],
    [
      'a further origin',
      { origins: ['https://a.example'] },
      { origins: ['https://a.example', 'https://b.example'] },
    ],
    ['any origin', { origins: ['https://a.example'] }, { origins: [] }],
    ['a promise less', { not_collected: ['names'] }, { not_collected: [] }],
  ])('%s widens, and its reverse narrows', (_what, before, after) => {
    expect(changes(before, after).map(({ kind }) => kind)).toEqual(['widens']);
    expect(changes(after, before).map(({ kind }) => kind)).toEqual(['narrows']);
  });

  it('slower rotation widens, faster rotation narrows', () => {
    const slow = { installation: { ...base.installation, rotation: 'never' as const } };
    expect(changes({}, slow)).toMatchObject([{ kind: 'widens', path: 'installation.rotation' }]);
    expect(changes(slow, {})).toMatchObject([{ kind: 'narrows' }]);
  });

  it('other words about access widen until somebody has read them', () => {
    expect(changes({}, { access: 'Everyone.' })).toMatchObject([
      { kind: 'widens', path: 'access' },
    ]);
  });

  it('a way to opt out that is gone widens', () => {
    expect(changes({}, { opt_out: base.opt_out.slice(1) })).toMatchObject([
      { kind: 'widens', path: 'opt_out' },
    ]);
  });

  it('ways in and wording are neutral', () => {
    const after = {
      hosts: ['b.example'],
      write_keys: [],
      dialects: ['native' as const],
      title: 'Other',
      filters: {},
    };
    const found = changes({}, after);
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['neutral']));
    expect(found.map(({ path }) => path)).toEqual([
      'hosts',
      'hosts',
      'dialects',
      'write_keys',
      'title',
      'filters',
    ]);
  });
});

describe('a changed rule', () => {
  it.each<[string, Rule, Rule]>([
    [
      'from a bucket to the number',
      { type: 'integer', treatment: 'bucket', edges: [0] },
      number({}),
    ],
    [
      'from the first word to the text',
      text({ treatment: 'first', enum: ['a'] }),
      text({ enum: ['a'] }),
    ],
    [
      'from a count to names',
      { type: 'string[]', treatment: 'count' },
      { type: 'string[]', treatment: 'names', enum: ['--a'] },
    ],
    [
      'from a pseudonym to the text',
      { type: 'string', treatment: 'pseudonymize' },
      text({ enum: ['a'] }),
    ],
    [
      'from day to hour',
      { type: 'string', treatment: 'truncate', to: 'day' },
      { type: 'string', treatment: 'truncate', to: 'hour' },
    ],
    ['to a further value', text({ enum: ['a'] }), text({ enum: ['a', 'b'] })],
    ['to a pattern as well', text({ enum: ['a'] }), text({ enum: ['a'], pattern: 'slug' })],
    [
      'to a name for other values',
      text({ enum: ['a'] }),
      text({ enum: ['a'], otherwise: 'other' }),
    ],
    [
      'to longer texts',
      text({ pattern: 'slug', maxLength: 5 }),
      text({ pattern: 'slug', maxLength: 9 }),
    ],
    ['to a wider range', number({}), number({ range: [0, 11] })],
    ['to a lower range', number({}), number({ range: [-1, 10] })],
    [
      'to finer buckets',
      { type: 'integer', treatment: 'bucket', edges: [0, 9] },
      { type: 'integer', treatment: 'bucket', edges: [0, 5, 9] },
    ],
  ])('%s widens, and its reverse narrows', (_what, before, after) => {
    expect(kindsOf(before, after)).toEqual(['widens']);
    expect(kindsOf(after, before)).toEqual(['narrows']);
  });

  it.each<[string, Rule, Rule]>([
    [
      'count and pseudonym',
      { type: 'string[]', treatment: 'count' },
      { type: 'string', treatment: 'pseudonymize' },
    ],
    ['another pattern', text({ pattern: 'slug' }), text({ pattern: 'version' })],
    ['another type', number({}), number({ type: 'number' })],
  ])('that no rule can compare widens: %s', (_what, before, after) => {
    expect(kindsOf(before, after)).toContain('widens');
  });

  it('between a first word and a family widens in both directions', () => {
    const first = text({ treatment: 'first', enum: ['a'] });
    const family = text({ treatment: 'family' });
    expect([kindsOf(first, family), kindsOf(family, first)]).toEqual([['widens'], ['widens']]);
  });

  it('with both a new and a lost value says both', () => {
    expect(kindsOf(text({ enum: ['a', 'b'] }), text({ enum: ['b', 'c'] }))).toEqual([
      'widens',
      'narrows',
    ]);
  });

  it('of another purpose or column is neutral, and is said', () => {
    expect(
      kindsOf(text({ enum: ['a'] }), text({ enum: ['a'], purpose: 'q', column: 'os' })),
    ).toEqual(['neutral', 'neutral']);
  });
});
