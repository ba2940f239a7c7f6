import type { Registry } from 'prom-client';
import { toCode, toTable } from './table.ts';

/** What prom-client keeps of a metric beside its values. */
interface MetricShape {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** A service and a registry that holds its own metrics. */
export interface Measured {
  readonly name: string;
  readonly registry: Registry;
}

/** @returns the page of metrics that services add to those of the process. */
export function metricsPage(services: readonly Measured[]): string {
  const sections = services.map(({ name, registry }) => {
    const metrics = registry.getMetricsAsArray() as unknown as readonly MetricShape[];
    const rows = metrics.map(({ name: metric, help, type, labelNames = [] }) => [
      toCode(metric),
      type,
      labelNames.map(toCode).join(', '),
      help,
    ]);
    return `## ${name}\n\n${toTable(['metric', 'type', 'labels', 'meaning'], rows)}`;
  });
  return [
    '# Metrics',
    'At `/metrics` of each service, beside the process metrics of prom-client (memory, CPU, event loop). Labels are bounded: ' +
      'projects, dialects, tables and codes, never anything that a client chose.',
    ...sections,
  ].join('\n\n');
}
