export { publishCount } from './publish-count.ts';
export { publishSeries, type QueryRow, type SeriesShape } from './publish-series.ts';
export { OTHER_LABEL, publishBreakdown, type BreakdownShape } from './publish-breakdown.ts';
export { publishSum, type Sum } from './publish-sum.ts';
export {
  PublishedTable,
  type ColumnKind,
  type PublishedCell,
  type PublishedColumn,
} from './published.ts';
