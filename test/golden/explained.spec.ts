import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProject, loadCatalogue, pathsOf } from '@rollcall/catalogue';
import {
  PROMOTED_COLUMNS,
  type FieldRule,
  type ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import { describe, expect, test } from 'vitest';
import type { GoldenRows, Row } from './golden-rows.ts';
import { CAPTURE_NAMES, CAPTURES, type CaptureName } from './replay-captures.ts';

/** What every row has, whatever the catalogue says: who, when, until when, and from which record. */
const FIXED_EVENT_COLUMNS = [
  // what the catalogue's filters say of the event: nothing of it is copied
  'is_ci',
  'is_dev',
  'is_fork',
  'event_id',
  'project',
  'dialect',
  'event',
  'installation',
  'key_epoch',
  'occurred_at',
  'client_occurred_at',
  'received_at',
  'expires_at',
  'raw_index',
  'raw_record',
];
const FIXED_SAMPLE_COLUMNS = [
  'event_id',
  'project',
  'sample_index',
  'installation',
  'key_epoch',
  'name',
  'pushed',
  'occurred_at',
  'received_at',
  'expires_at',
];
const PSEUDONYM = /^<pseudonym \d+>$/;

const catalogue = await loadCatalogue(join(import.meta.dirname, '../../catalogue'));

function goldenOf(name: CaptureName): GoldenRows {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as GoldenRows;
}

/** Dotted path and value of every leaf; a list is one value. */
function leaves(value: unknown, path = ''): readonly (readonly [path: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, path === '' ? key : `${path}.${key}`),
  );
}

function rulesOf(project: ProjectCatalogue, row: Row): ReadonlyMap<string, FieldRule> {
  return pathsOf(project, String(row['event'])) ?? expect.unreachable();
}

/** Columns that hold something and that no field of the event, or label of the push, is copied to. */
function unexplainedColumns(row: Row, rules: readonly FieldRule[]): string[] {
  const promoted = PROMOTED_COLUMNS.filter((column) =>
    rules.some((rule) => rule.column === column),
  );
  const explained = new Set<string>([...FIXED_EVENT_COLUMNS, ...promoted, 'properties']);
  return Object.keys(row).filter((column) => row[column] !== '' && !explained.has(column));
}

function unexplainedFields(row: Row, rules: ReadonlyMap<string, FieldRule>): string[] {
  return leaves(row['properties'])
    .filter(([path]) => path !== '' && !rules.has(path))
    .map(([path]) => path);
}

describe.each(CAPTURE_NAMES)('the golden file of %s', (name) => {
  const project = catalogue.projects.get(CAPTURES[name].project) ?? expect.unreachable();
  const { events, metric_samples: samples } = goldenOf(name);
  const labelRules = Object.values(project.metrics).flatMap(({ labels }) => Object.values(labels));

  test('holds no field that the catalogue does not name for its event', () => {
    const unexplained = events.flatMap((row) => {
      const rules = rulesOf(project, row);
      return [
        ...unexplainedFields(row, rules),
        ...unexplainedColumns(row, [...rules.values(), ...labelRules]),
      ];
    });
    expect(unexplained).toEqual([]);
  });

  test('holds no metric and no label that the catalogue does not name', () => {
    const unexplained = samples.flatMap((row) => {
      const metric = project.metrics[String(row['name'])];
      const columns = Object.keys(row).filter(
        (column) => ![...FIXED_SAMPLE_COLUMNS, 'labels', 'value'].includes(column),
      );
      const labels = Object.keys(row['labels'] as object);
      return [...columns, ...labels.filter((label) => metric?.labels[label] === undefined)];
    });
    expect(unexplained).toEqual([]);
    expect(samples.filter((row) => project.metrics[String(row['name'])] === undefined)).toEqual([]);
  });

  test('has a pseudonym wherever the catalogue names an identifier, and nowhere else', () => {
    const isPseudonym = (value: unknown): boolean => PSEUDONYM.test(String(value));
    const misplaced = events.flatMap((row) => {
      const rules = rulesOf(project, row);
      return leaves(row['properties']).filter(
        ([path, value]) => (rules.get(path)?.treatment === 'pseudonymize') !== isPseudonym(value),
      );
    });
    expect(misplaced.filter(([path]) => path !== '')).toEqual([]);
    expect(
      events.filter((row) => row['installation'] !== '' && !isPseudonym(row['installation'])),
    ).toEqual([]);
  });

  test('says nothing that the public page does not say', () => {
    const page = describeProject(project);
    const said = new Set([
      ...page.commonFields.map(({ path }) => path),
      ...page.events.flatMap(({ fields }) => fields.map(({ path }) => path)),
    ]);
    const fields = events.flatMap((row) => leaves(row['properties']).map(([path]) => path));
    expect(fields.filter((path) => path !== '' && !said.has(path))).toEqual([]);
    const names = new Set(page.events.map((event) => event.name));
    expect(events.filter((row) => !names.has(String(row['event'])))).toEqual([]);
  });
});

test('golden files cover all five projects', () => {
  const covered = new Set(
    CAPTURE_NAMES.filter((name) => goldenOf(name).events.length > 0).map(
      (name) => CAPTURES[name].project,
    ),
  );
  expect([...covered].toSorted()).toEqual([...catalogue.projects.keys()].toSorted());
});
