import type {
  EventRule,
  FieldRule,
  MetricRule,
  ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import { change, keyDifference, type CatalogueChange, type Change } from './change.ts';
import { ruleChanges } from './rule-changes.ts';
import { settingChanges } from './setting-changes.ts';

type Projects = ReadonlyMap<string, ProjectCatalogue>;

/**
 * What changed between two versions of a catalogue, and whether it widens what is collected.
 *
 * Guarantee: no difference between two files is left out, and what cannot be judged by rule counts as widening. Equal
 * catalogues give an empty list.
 */
export function diffCatalogue(before: Projects, after: Projects): CatalogueChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((project) =>
    changesOf(before.get(project), after.get(project)).map((entry) => ({ project, ...entry })),
  );
}

function changesOf(
  before: ProjectCatalogue | undefined,
  after: ProjectCatalogue | undefined,
): Change[] {
  if (before === undefined) return [change('widens', '', 'new project')];
  if (after === undefined) return [change('narrows', '', 'the project is gone')];
  return [
    ...settingChanges(before, after),
    ...fieldChanges('fields', before.fields, after.fields),
    ...eventChanges(before.events, after.events),
    ...metricChanges(before.metrics, after.metrics),
  ];
}

function fieldChanges(
  at: string,
  before: Readonly<Record<string, FieldRule>>,
  after: Readonly<Record<string, FieldRule>>,
): Change[] {
  const { added, removed, kept } = keyDifference(before, after);
  return [
    ...added.map((path) =>
      change('widens', `${at}.${path}`, `new field (${after[path]?.treatment ?? ''})`),
    ),
    ...removed.map((path) => change('narrows', `${at}.${path}`, 'no longer collected')),
    ...kept.flatMap((path) =>
      pairwise(before[path], after[path], (a, b) => ruleChanges(`${at}.${path}`, a, b)),
    ),
  ];
}

function eventChanges(
  before: Readonly<Record<string, EventRule>>,
  after: Readonly<Record<string, EventRule>>,
): Change[] {
  const { added, removed, kept } = keyDifference(before, after);
  return [
    ...added.map((name) => change('widens', `events.${name}`, newEvent(after[name]))),
    ...removed.map((name) => change('narrows', `events.${name}`, 'no longer collected')),
    ...kept.flatMap((name) =>
      pairwise(before[name], after[name], (a, b) => [
        ...purposeChange(`events.${name}`, a.purpose, b.purpose),
        ...fieldChanges(`events.${name}.fields`, a.fields, b.fields),
      ]),
    ),
  ];
}

function newEvent(event: EventRule | undefined): string {
  const paths = Object.keys(event?.fields ?? {});
  return paths.length === 0 ? 'new event without fields' : `new event with ${paths.join(', ')}`;
}

function metricChanges(
  before: Readonly<Record<string, MetricRule>>,
  after: Readonly<Record<string, MetricRule>>,
): Change[] {
  const { added, removed, kept } = keyDifference(before, after);
  return [
    ...added.map((name) => change('widens', `metrics.${name}`, 'new metric')),
    ...removed.map((name) => change('narrows', `metrics.${name}`, 'no longer collected')),
    ...kept.flatMap((name) =>
      pairwise(before[name], after[name], (a, b) => [
        ...purposeChange(`metrics.${name}`, a.purpose, b.purpose),
        ...fieldChanges(`metrics.${name}.labels`, a.labels, b.labels),
        ...ruleChanges(`metrics.${name}.value`, a.value, b.value),
      ]),
    ),
  ];
}

function purposeChange(path: string, before: string, after: string): Change[] {
  if (before === after) return [];
  return [
    change('neutral', path, 'the purpose is worded differently; check that it is no new one'),
  ];
}

function pairwise<T>(
  a: T | undefined,
  b: T | undefined,
  compare: (a: T, b: T) => Change[],
): Change[] {
  return a === undefined || b === undefined ? [] : compare(a, b);
}
