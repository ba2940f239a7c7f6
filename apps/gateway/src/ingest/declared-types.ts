import type { FieldType, ProjectCatalogue } from '@rollcall/contracts-catalogue';

/** A declared field as the gateway looks it up: its path, taken apart once, and the type it must have. */
interface DeclaredField {
  readonly path: string;
  readonly keys: readonly string[];
  readonly expected: FieldType;
}

/** The declared fields of an event. */
export type FieldTypes = readonly DeclaredField[];

/** What the gateway checks of a project: which events exist and what type their fields have. */
export interface DeclaredEvents {
  typesOf(event: string): FieldTypes | undefined;
}

/** Takes the paths apart, so that no event has to. */
export function toFieldTypes(
  types: Iterable<readonly [path: string, type: FieldType]>,
): FieldTypes {
  return [...types].map(([path, expected]) => ({ path, keys: path.split('.'), expected }));
}

/** Reads the events and field types out of a catalogue once. */
export function declareEvents(project: ProjectCatalogue): DeclaredEvents {
  const events = new Map<string, FieldTypes>();
  for (const [name, rule] of Object.entries(project.events)) {
    const fields = Object.entries({ ...project.fields, ...rule.fields });
    events.set(name, toFieldTypes(fields.map(([path, field]) => [path, field.type])));
  }
  return { typesOf: (event) => events.get(event) };
}

const IS_OF_TYPE: Record<FieldType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  'string[]': (value) =>
    Array.isArray(value) && value.every((element) => typeof element === 'string'),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Value below some keys; undefined where there is none. Own keys only. */
function valueAt(properties: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  let value: unknown = properties;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** The first declared field that is there with another type; null counts as not there. */
export function findWrongType(
  properties: Readonly<Record<string, unknown>>,
  types: FieldTypes,
): { path: string; expected: FieldType } | undefined {
  for (const { path, keys, expected } of types) {
    const value = valueAt(properties, keys);
    if (value !== undefined && value !== null && !IS_OF_TYPE[expected](value))
      return { path, expected };
  }
  return undefined;
}
