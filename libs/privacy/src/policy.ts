import type { FieldRule, ProjectCatalogue, PromotedColumn } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { compileFilters, type Filters } from './filters.ts';
import { createTreatment } from './treatments/create-treatment.ts';
import type { Treatment } from './treatments/treatment.ts';

/** One declared field, ready to be applied. */
export interface FieldPolicy {
  readonly kind: 'field';
  /** Dotted path as declared, or metric and label: what a client is told. */
  readonly path: string;
  /** The path's keys: where the treated value stands in `properties`. */
  readonly keys: readonly string[];
  readonly column: PromotedColumn | undefined;
  /** Undefined for an identifier: it becomes a pseudonym. */
  readonly treatment: Treatment | undefined;
}

/** Declared fields below one key of the wire's object. */
export interface PolicyBranch {
  readonly kind: 'branch';
  /** Path of this object with a trailing dot; empty for the outermost. */
  readonly prefix: string;
  /** A Map: a key such as `constructor` finds nothing that is not declared. */
  readonly children: ReadonlyMap<string, FieldPolicy | PolicyBranch>;
}

export interface MetricPolicy {
  readonly labels: ReadonlyMap<string, FieldPolicy>;
  readonly value: FieldPolicy;
}

/** One project's catalogue, compiled: see {@link compilePolicy}. */
export interface ProjectPolicy {
  readonly project: string;
  /** Per declared event, its own fields and those that every event may have. */
  readonly events: ReadonlyMap<string, PolicyBranch>;
  readonly metrics: ReadonlyMap<string, MetricPolicy>;
  readonly filters: Filters;
  readonly retentionMs: number;
  readonly allowedSkewMs: number;
}

type Rules = Readonly<Record<string, FieldRule>>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Compiles a project's catalogue, once at start, into tables that make an event's treatment one walk over its fields.
 *
 * @throws CAT_INVALID, naming project and field, when a rule cannot be carried out: a pattern that does not compile, a
 * bound of another type, a field that is declared as a value and as an object
 */
export function compilePolicy(catalogue: ProjectCatalogue): ProjectPolicy {
  const { project } = catalogue;
  return {
    project,
    events: mapValues(catalogue.events, ({ fields }, event) =>
      compileFields({ ...catalogue.fields, ...fields }, `${project}, event ${event}`),
    ),
    metrics: mapValues(catalogue.metrics, ({ labels, value }, metric) => ({
      // a label's name is one key, dots and all
      labels: mapValues(labels, (rule, label) =>
        compileField(`${metric}.${label}`, [label], rule, project),
      ),
      value: compileField(metric, ['value'], value, project),
    })),
    filters: compileFilters(catalogue),
    retentionMs: catalogue.retention_days * DAY_MS,
    allowedSkewMs: catalogue.allowed_skew_hours * HOUR_MS,
  };
}

function mapValues<In, Out>(
  values: Readonly<Record<string, In>>,
  map: (value: In, key: string) => Out,
): ReadonlyMap<string, Out> {
  return new Map(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}

interface MutableBranch extends PolicyBranch {
  readonly children: Map<string, FieldPolicy | MutableBranch>;
}

function compileFields(rules: Rules, place: string): PolicyBranch {
  const root: MutableBranch = { kind: 'branch', prefix: '', children: new Map() };
  for (const [path, rule] of Object.entries(rules)) {
    const keys = path.split('.');
    const branch = branchFor(root, keys, place);
    const key = keys.at(-1) as string;
    if (branch.children.has(key)) throw contradiction(place, path);
    branch.children.set(key, compileField(path, keys, rule, place));
  }
  return root;
}

function branchFor(root: MutableBranch, keys: readonly string[], place: string): MutableBranch {
  let branch = root;
  for (const key of keys.slice(0, -1)) {
    const prefix = `${branch.prefix}${key}.`;
    const next = branch.children.get(key) ?? {
      kind: 'branch' as const,
      prefix,
      children: new Map(),
    };
    if (next.kind === 'field') throw contradiction(place, next.path);
    branch.children.set(key, next);
    branch = next;
  }
  return branch;
}

function compileField(
  path: string,
  keys: readonly string[],
  rule: FieldRule,
  place: string,
): FieldPolicy {
  const fault = faultOf(keys, rule);
  if (fault !== undefined) throw new RollcallError('CAT_INVALID', `${place}, ${path}: ${fault}`);
  try {
    const treatment = rule.treatment === 'pseudonymize' ? undefined : createTreatment(rule);
    return { kind: 'field', path, keys, column: rule.column, treatment };
  } catch (cause) {
    throw new RollcallError('CAT_INVALID', `${place}, ${path}: the rule cannot be carried out`, {
      cause,
    });
  }
}

function faultOf(keys: readonly string[], rule: FieldRule): string | undefined {
  if (keys.some((key) => key === '' || key in Object.prototype)) return 'not a usable path';
  if (rule.column !== undefined && isListRule(rule)) return 'a list does not fit a column';
  return rule.treatment === 'keep' ? boundFaultOf(rule) : undefined;
}

/** A bound that does not apply would be ignored, and its author would believe in it: refused instead. */
function boundFaultOf(rule: Extract<FieldRule, { treatment: 'keep' }>): string | undefined {
  const isText = rule.type === 'string' || rule.type === 'string[]';
  const isNumber = rule.type === 'integer' || rule.type === 'number';
  const hasTextBound = rule.enum !== undefined || rule.pattern !== undefined;
  if (!isText && hasTextBound) return 'enum and pattern are for text';
  return !isNumber && rule.range !== undefined ? 'a range is for numbers' : undefined;
}

function isListRule(rule: FieldRule): boolean {
  return rule.treatment === 'names' || (rule.treatment === 'keep' && rule.type === 'string[]');
}

function contradiction(place: string, path: string): RollcallError {
  return new RollcallError(
    'CAT_INVALID',
    `${place}, ${path}: declared as a value and as an object`,
  );
}
