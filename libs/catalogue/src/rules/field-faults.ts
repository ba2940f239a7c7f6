import {
  compilePattern,
  type FieldRule,
  type ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import { repeated, type Fault } from './fault.ts';
import { fieldList, type PlacedRule } from './field-list.ts';

/** Faults of single field rules: what the schema lets through and would do nothing, or not what its author meant. */
export function fieldFaults(project: ProjectCatalogue): Fault[] {
  return fieldList(project).flatMap((placed) => [
    ...pathFaults(placed),
    ...patternFaults(placed),
    ...numberFaults(placed),
    ...textFaults(placed),
  ]);
}

/** A key such as `constructor` would reach a prototype instead of a field. */
function pathFaults({ at, rule }: PlacedRule): Fault[] {
  const segments = at.at(-1)?.split('.') ?? [];
  const faults: Fault[] = [];
  if (segments.some((segment) => segment === '' || segment in Object.prototype))
    faults.push({
      at,
      problem: 'the path has a part that no field can have',
      advice: 'Write the names of the keys joined by single dots',
    });
  if (rule.column !== undefined && isList(rule))
    faults.push({ at, problem: 'a list does not fit a column', advice: 'Remove column:' });
  return faults;
}

function isList({ type, treatment }: FieldRule): boolean {
  return treatment === 'names' || (treatment === 'keep' && type === 'string[]');
}

function patternFaults({ at, rule }: PlacedRule): Fault[] {
  if (!('pattern' in rule) || rule.pattern === undefined) return [];
  return patternFault([...at, 'pattern'], rule.pattern);
}

/** A pattern that is neither a known name nor an expression that compiles. */
export function patternFault(at: readonly string[], pattern: string): Fault[] {
  if (compilePattern(pattern) !== undefined) return [];
  if (pattern.startsWith('/'))
    return [
      {
        at,
        problem: 'the regular expression does not compile',
        advice: 'Correct it; it is read with the flag u and matched whole',
      },
    ];
  return [
    {
      at,
      problem: 'no pattern has this name',
      advice: 'Write version, slug or /a regular expression/',
    },
  ];
}

function numberFaults({ at, rule }: PlacedRule): Fault[] {
  const isNumber = rule.type === 'integer' || rule.type === 'number';
  if (rule.treatment === 'bucket') return edgeFaults([...at, 'edges'], rule.edges);
  if (rule.treatment !== 'keep') return [];
  if (rule.range === undefined)
    return isNumber
      ? [
          {
            at,
            problem: 'a number that is kept needs a range',
            advice: 'Add range: [lowest, highest]; an unbounded number can hold an identifier',
          },
        ]
      : [];
  if (!isNumber)
    return [
      {
        at: [...at, 'range'],
        problem: `a range means nothing for ${rule.type}`,
        advice: 'Remove it',
      },
    ];
  const [lowest, highest] = rule.range;
  return lowest <= highest
    ? []
    : [
        {
          at: [...at, 'range'],
          problem: 'the range ends before it begins',
          advice: 'Write the lower number first',
        },
      ];
}

function edgeFaults(at: readonly string[], edges: readonly number[]): Fault[] {
  const isAscending = edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge));
  return isAscending
    ? []
    : [{ at, problem: 'the edges do not ascend', advice: 'Write each edge once, lowest first' }];
}

type BoundedRule = Extract<FieldRule, { maxLength: number }>;

function textFaults({ at, rule }: PlacedRule): Fault[] {
  if (!('maxLength' in rule)) return [];
  const isText = rule.type === 'string' || rule.type === 'string[]' || rule.type === 'object';
  if (isText) return enumFaults(at, rule);
  const bound = (['enum', 'pattern', 'otherwise'] as const).find((key) => rule[key] !== undefined);
  if (bound === undefined) return [];
  return [
    {
      at: [...at, bound],
      problem: `${bound} means nothing for ${rule.type}`,
      advice: 'Remove it, or use range',
    },
  ];
}

function enumFaults(at: readonly string[], rule: BoundedRule): Fault[] {
  const values = rule.enum ?? [];
  const twice = repeated(values).map((value) => ({
    at: [...at, 'enum'],
    problem: `the value "${value}" stands twice`,
    advice: 'Remove one',
  }));
  const long = values
    .filter((value) => value.length > rule.maxLength)
    .map((value) => ({
      at: [...at, 'enum'],
      problem: `the value "${value}" is longer than maxLength ${rule.maxLength}`,
      advice: 'Raise maxLength or remove the value',
    }));
  return [...twice, ...long];
}
