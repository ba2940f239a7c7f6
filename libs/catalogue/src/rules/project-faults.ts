import {
  OPT_OUT_EVENT,
  PROMOTED_COLUMNS,
  type FieldRule,
  type ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import { PUSH_EVENT, pathsOf } from '../paths-of.ts';
import { repeated, type Fault } from './fault.ts';
import { patternFault } from './field-faults.ts';
import { fieldList } from './field-list.ts';

/** Faults between the parts of one file. */
export function projectFaults(project: ProjectCatalogue): Fault[] {
  return [
    ...nestingFaults(project),
    ...columnFaults(project),
    ...metricFaults(project),
    ...filterFaults(project),
    ...droppedFaults(project),
    ...standingFaults(project),
    ...repeatedFaults(project),
  ];
}

/** `a` as a value and `a.b` below it cannot both be there. */
function nestingFaults(project: ProjectCatalogue): Fault[] {
  return Object.keys(project.events).flatMap((event) => {
    const paths = [...(pathsOf(project, event)?.keys() ?? [])];
    const outer = new Set(paths);
    return paths
      .filter((path) => parentsOf(path).some((parent) => outer.has(parent)))
      .map((path) => ({
        at: placeOf(project, event, path),
        problem: 'a field above this one is declared as a value',
        advice: 'Declare either the outer field or the fields inside it',
      }));
  });
}

function parentsOf(path: string): string[] {
  const parts = path.split('.');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
}

function placeOf(project: ProjectCatalogue, event: string, path: string): readonly string[] {
  const isOwn = Object.hasOwn(project.events[event]?.fields ?? {}, path);
  return isOwn ? ['events', event, 'fields', path] : ['fields', path];
}

/** A row has each column once: two fields of one event cannot both fill it. Labels of all metrics fill the push's row. */
function columnFaults(project: ProjectCatalogue): Fault[] {
  return Object.keys(project.events).flatMap((event) => {
    const rules = [...(pathsOf(project, event) ?? [])];
    const labels = event === PUSH_EVENT ? labelRules(project) : [];
    const columns = [...rules, ...labels].flatMap(([, rule]) => rule.column ?? []);
    return repeated(columns).map((column) => ({
      at: ['events', event],
      problem: `two fields of the event go to the column ${column}`,
      advice: 'Leave column: on one of them',
    }));
  });
}

function labelRules(project: ProjectCatalogue): [string, FieldRule][] {
  return Object.values(project.metrics).flatMap(({ labels }) => Object.entries(labels));
}

function metricFaults(project: ProjectCatalogue): Fault[] {
  const names = Object.keys(project.metrics);
  const faults: Fault[] = names.flatMap((name) => metricFault(project, name));
  if (names.length > 0 && !Object.hasOwn(project.events, PUSH_EVENT))
    faults.push({
      at: ['metrics'],
      problem: `there are metrics but no event "${PUSH_EVENT}"`,
      advice: `Add the event ${PUSH_EVENT}: it is the row of the push`,
    });
  return faults;
}

function metricFault(project: ProjectCatalogue, name: string): Fault[] {
  const metric = project.metrics[name];
  const at = ['metrics', name];
  const faults: Fault[] = [];
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))
    faults.push({
      at,
      problem: 'this is not a name that Prometheus allows',
      advice: 'Use letters, digits, _ and :',
    });
  if (metric !== undefined && metric.value.type !== 'integer' && metric.value.type !== 'number')
    faults.push({
      at: [...at, 'value'],
      problem: 'the value of a metric is a number',
      advice: 'Write type: number or integer',
    });
  for (const [label, rule] of Object.entries(metric?.labels ?? {}))
    if (rule.type !== 'string')
      faults.push({
        at: [...at, 'labels', label],
        problem: 'a label is text',
        advice: 'Write type: string',
      });
  return faults;
}

function filterFaults(project: ProjectCatalogue): Fault[] {
  const known = filterableFields(project);
  return (['ci', 'dev', 'fork'] as const).flatMap((kind) =>
    project.filters[kind].flatMap((filter, i) => {
      const at = ['filters', kind, String(i)];
      const faults: Fault[] =
        filter.pattern === undefined ? [] : patternFault([...at, 'pattern'], filter.pattern);
      if (!known.has(filter.field))
        faults.push({
          at: [...at, 'field'],
          problem: `no field "${filter.field}" is declared`,
          advice: 'Name a declared field or a column that one is copied to',
        });
      if (filter.pattern === undefined && filter.equals === undefined)
        faults.push({
          at,
          problem: 'the filter matches nothing',
          advice: 'Add equals: or pattern:',
        });
      return faults;
    }),
  );
}

function filterableFields(project: ProjectCatalogue): ReadonlySet<string> {
  const paths = Object.values(project.events).flatMap(({ fields }) => Object.keys(fields));
  const columns = fieldList(project).flatMap(({ rule }) => rule.column ?? []);
  const filled = PROMOTED_COLUMNS.filter((column) => columns.includes(column));
  return new Set([...Object.keys(project.fields), ...paths, ...filled]);
}

/** A field of `dropped` must not be collected by any event. */
function droppedFaults(project: ProjectCatalogue): Fault[] {
  const paths = Object.keys(project.events).flatMap((event) => [
    ...(pathsOf(project, event)?.keys() ?? []),
  ]);
  return Object.keys(project.dropped)
    .filter((dropped) => paths.some((path) => isMeant(path, dropped)))
    .map((dropped) => ({
      at: ['dropped', dropped],
      problem: 'the field is said to be dropped and is declared as well',
      advice: 'Remove it from one of the two',
    }));
}

function isMeant(path: string, dropped: string): boolean {
  return dropped.endsWith('*') ? path.startsWith(dropped.slice(0, -1)) : path === dropped;
}

/** Rollcall counts opt-outs by itself; a file cannot give that event fields. */
function standingFaults(project: ProjectCatalogue): Fault[] {
  if (!Object.hasOwn(project.events, OPT_OUT_EVENT)) return [];
  const problem = `the event ${OPT_OUT_EVENT} is Rollcall’s own`;
  return [{ at: ['events', OPT_OUT_EVENT], problem, advice: 'Remove it; it is always there' }];
}

function repeatedFaults(project: ProjectCatalogue): Fault[] {
  const lists = [
    ['hosts', project.hosts],
    ['dialects', project.dialects],
    ['write_keys', project.write_keys === 'public' ? [] : project.write_keys],
  ] as const;
  return lists.flatMap(([key, values]) =>
    repeated<string>(values).map((value) => ({
      at: [key],
      problem: `"${value}" stands twice`,
      advice: 'Remove one',
    })),
  );
}
