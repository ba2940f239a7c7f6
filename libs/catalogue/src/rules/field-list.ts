import type { FieldRule, ProjectCatalogue } from '@rollcall/contracts-catalogue';

/** A field rule and where it stands in its file. */
export interface PlacedRule {
  readonly at: readonly string[];
  readonly rule: FieldRule;
}

/** Every field rule of a file, in its order: common fields, fields of events, labels and values of metrics. */
export function fieldList(project: ProjectCatalogue): readonly PlacedRule[] {
  const events = Object.entries(project.events).flatMap(([event, { fields }]) =>
    placed(['events', event, 'fields'], fields),
  );
  const metrics = Object.entries(project.metrics).flatMap(([name, { labels, value }]) => [
    ...placed(['metrics', name, 'labels'], labels),
    { at: ['metrics', name, 'value'], rule: value },
  ]);
  return [...placed(['fields'], project.fields), ...events, ...metrics];
}

function placed(at: readonly string[], fields: Readonly<Record<string, FieldRule>>): PlacedRule[] {
  return Object.entries(fields).map(([path, rule]) => ({ at: [...at, path], rule }));
}
