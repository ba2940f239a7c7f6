import type { FieldRule, Treatment } from '@rollcall/contracts-catalogue';
import { change, listDifference, numberChange, type Change } from './change.ts';

/**
 * How much of a value each treatment lets be read: the value itself, a part or a coarser form of it, or a fact about
 * it that is not the value.
 *
 * A pseudonym and a count share the lowest step without being comparable. A count says something about the value but
 * joins nothing; a pseudonym says nothing about the value but joins rows. Going from one to the other gives a new
 * ability either way, so both directions widen. The same holds between two forms of the middle step.
 */
const REVEALS: Readonly<Record<Treatment, number>> = {
  keep: 3,
  truncate: 2,
  bucket: 2,
  family: 2,
  first: 2,
  path: 2,
  names: 2,
  count: 1,
  pseudonymize: 1,
};

/** What changed in the rule of one field. */
export function ruleChanges(path: string, before: FieldRule, after: FieldRule): Change[] {
  return [
    ...typeChanges(path, before, after),
    ...treatmentChanges(path, before, after),
    ...columnChanges(path, before, after),
    ...(before.purpose === after.purpose
      ? []
      : [
          change('neutral', path, 'the purpose is worded differently; check that it is no new one'),
        ]),
  ];
}

function typeChanges(path: string, before: FieldRule, after: FieldRule): Change[] {
  if (before.type === after.type) return [];
  return [
    change(
      'widens',
      path,
      `type: ${before.type} → ${after.type}; values that were dropped are now let in`,
    ),
  ];
}

function columnChanges(path: string, before: FieldRule, after: FieldRule): Change[] {
  if (before.column === after.column) return [];
  return [
    change('neutral', path, `column: ${before.column ?? 'none'} → ${after.column ?? 'none'}`),
  ];
}

function treatmentChanges(path: string, before: FieldRule, after: FieldRule): Change[] {
  if (before.treatment === after.treatment) return boundChanges(path, before, after);
  const step = REVEALS[after.treatment] - REVEALS[before.treatment];
  const text = `treatment: ${before.treatment} → ${after.treatment}`;
  if (step > 0) return [change('widens', path, `${text}, which lets more be read`)];
  if (step < 0 && after.treatment !== 'pseudonymize')
    return [change('narrows', path, `${text}, which lets less be read`)];
  if (step < 0)
    return [
      change('narrows', path, `${text}: the value goes, rows of equal values can still be joined`),
    ];
  return [
    change('widens', path, `${text}, which lets something else be read; neither covers the other`),
  ];
}

/** Same treatment: have its limits moved? */
function boundChanges(path: string, before: FieldRule, after: FieldRule): Change[] {
  if (before.treatment === 'truncate' && after.treatment === 'truncate')
    return truncateChanges(path, before.to, after.to);
  if (before.treatment === 'bucket' && after.treatment === 'bucket')
    return edgeChanges(path, before.edges, after.edges);
  if ('maxLength' in before && 'maxLength' in after) return textChanges(path, before, after);
  return [];
}

type Truncation = Extract<FieldRule, { treatment: 'truncate' }>['to'];

function truncateChanges(path: string, before: Truncation, after: Truncation): Change[] {
  if (before === after) return [];
  const isCoarser = before === 'hour' && after === 'day';
  return [
    change(isCoarser ? 'narrows' : 'widens', path, `cut to the ${before} → cut to the ${after}`),
  ];
}

function edgeChanges(path: string, before: readonly number[], after: readonly number[]): Change[] {
  const { added, removed } = listDifference(before, after);
  const changes: Change[] = [];
  if (added.length > 0)
    changes.push(change('widens', path, `finer buckets: new edges ${added.join(', ')}`));
  if (removed.length > 0)
    changes.push(change('narrows', path, `coarser buckets: edges removed ${removed.join(', ')}`));
  return changes;
}

type BoundedRule = Extract<FieldRule, { maxLength: number }>;

function textChanges(path: string, before: BoundedRule, after: BoundedRule): Change[] {
  return [
    ...enumChanges(path, before.enum, after.enum),
    ...patternChanges(path, before.pattern, after.pattern),
    ...otherwiseChanges(path, before.otherwise, after.otherwise),
    ...(before.form === after.form
      ? []
      : [change('neutral', path, 'the form is described differently')]),
    ...numberChange(path, [before.maxLength, after.maxLength], 'longest text', 'widens'),
    ...rangeChanges(path, rangeOf(before), rangeOf(after)),
  ];
}

function enumChanges(
  path: string,
  before: readonly string[] = [],
  after: readonly string[] = [],
): Change[] {
  const { added, removed } = listDifference(before, after);
  const changes: Change[] = [];
  if (added.length > 0)
    changes.push(change('widens', path, `values that are kept now: ${added.join(', ')}`));
  if (removed.length > 0)
    changes.push(change('narrows', path, `values that are no longer kept: ${removed.join(', ')}`));
  return changes;
}

function patternChanges(
  path: string,
  before: string | undefined,
  after: string | undefined,
): Change[] {
  if (before === after) return [];
  if (before === undefined)
    return [change('widens', path, `any text that matches ${after} is kept now`)];
  if (after === undefined)
    return [change('narrows', path, `text that matches ${before} is no longer kept`)];
  return [
    change(
      'widens',
      path,
      `pattern: ${before} → ${after}; no rule can tell which lets more in, so read it`,
    ),
  ];
}

function otherwiseChanges(
  path: string,
  before: string | undefined,
  after: string | undefined,
): Change[] {
  if (before === after) return [];
  if (before === undefined)
    return [change('widens', path, `other values are kept as “${after}” and no longer dropped`)];
  if (after === undefined)
    return [change('narrows', path, `other values are dropped and no longer kept as “${before}”`)];
  return [change('neutral', path, `other values are called “${after}” and no longer “${before}”`)];
}

type Range = readonly [number, number] | undefined;

function rangeOf(rule: BoundedRule): Range {
  return rule.treatment === 'keep' ? rule.range : undefined;
}

function rangeChanges(path: string, before: Range, after: Range): Change[] {
  const [lowBefore, highBefore] = before ?? [-Infinity, Infinity];
  const [lowAfter, highAfter] = after ?? [-Infinity, Infinity];
  const changes: Change[] = [];
  const text = `range: ${lowBefore} to ${highBefore} → ${lowAfter} to ${highAfter}`;
  if (lowAfter < lowBefore || highAfter > highBefore) changes.push(change('widens', path, text));
  if (lowAfter > lowBefore || highAfter < highBefore) changes.push(change('narrows', path, text));
  return changes;
}
