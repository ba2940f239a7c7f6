import { compilePattern, type ProjectCatalogue } from '@rollcall/contracts-catalogue';

/** Which kinds of filter held for an event, as the columns of its row: 1 or 0. */
export interface FilterFlags {
  is_ci: 0 | 1;
  is_dev: 0 | 1;
  is_fork: 0 | 1;
}

/** A field before its treatment. */
interface SentField {
  readonly policy: { readonly path: string; readonly column?: string | undefined };
  readonly value: unknown;
}

interface Filter {
  readonly flag: keyof FilterFlags;
  readonly matches: (text: string) => boolean;
}

/** A project's filters by the field, or the column, that each looks at. */
export type Filters = ReadonlyMap<string, readonly Filter[]>;

/** Compiles the `filters:` of a catalogue file. */
export function compileFilters({ filters }: Pick<ProjectCatalogue, 'filters'>): Filters {
  const byField = new Map<string, Filter[]>();
  for (const kind of ['ci', 'dev', 'fork'] as const)
    for (const { field, equals = [], pattern } of filters[kind]) {
      const values = new Set(equals.map(String));
      const compiled = pattern === undefined ? undefined : compilePattern(pattern);
      const matches = (text: string) => values.has(text) || compiled?.test(text) === true;
      byField.set(field, [...(byField.get(field) ?? []), { flag: `is_${kind}`, matches }]);
    }
  return byField;
}

/**
 * Raises the flags of the filters that hold for a field as it was sent, before its treatment: a version that is stored
 * to the minor, or not at all, is still known to have been a development build.
 */
export function raiseFlags(
  flags: FilterFlags,
  filters: Filters,
  { policy, value }: SentField,
): void {
  if (filters.size === 0) return;
  for (const name of [policy.path, policy.column])
    for (const { flag, matches } of (name === undefined ? undefined : filters.get(name)) ?? [])
      if (matches(String(value))) flags[flag] = 1;
}
