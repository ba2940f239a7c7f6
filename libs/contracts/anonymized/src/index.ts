export type { EventRow, MetricSampleRow } from './event-row.ts';
