import type { FieldRule, ProjectCatalogue } from '@rollcall/contracts-catalogue';

/**
 * The rules for one event's fields by dotted path: those that every event may have, and the event's own, which win.
 *
 * @returns undefined when the catalogue does not name the event.
 */
export function pathsOf(
  project: ProjectCatalogue,
  event: string,
): ReadonlyMap<string, FieldRule> | undefined {
  if (!Object.hasOwn(project.events, event)) return undefined;
  const own = project.events[event]?.fields ?? {};
  return new Map(Object.entries({ ...project.fields, ...own }));
}

/** The event whose rows stand for one Prometheus push each. */
export const PUSH_EVENT = 'metrics';
