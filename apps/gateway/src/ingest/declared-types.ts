import type { FieldType, ProjectCatalogue } from '@rollcall/contracts-catalogue';

/** Wire type of each declared field of an event, by path. */
type FieldTypes = ReadonlyMap<string, FieldType>;

/** What the gateway checks of a project: which events exist and what type their fields have. */
export interface DeclaredEvents {
  typesOf(event: string): FieldTypes | undefined;
}

/** Reads the events and field types out of a catalogue once. */
export function declareEvents(project: ProjectCatalogue): DeclaredEvents {
  const events = new Map<string, FieldTypes>();
  for (const [name, rule] of Object.entries(project.events)) {
    const fields = { ...project.fields, ...rule.fields };
    events.set(name, new Map(Object.entries(fields).map(([path, field]) => [path, field.type])));
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

/** Value at a dotted path; undefined where there is none. Own keys only. */
function valueAt(properties: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(properties, path)) return properties[path];
  let value: unknown = properties;
  for (const key of path.split('.')) {
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
  for (const [path, expected] of types) {
    const value = valueAt(properties, path);
    if (value !== undefined && value !== null && !IS_OF_TYPE[expected](value))
      return { path, expected };
  }
  return undefined;
}
