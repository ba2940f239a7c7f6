import { stringify } from 'csv-stringify/sync';
import type { PublicFigure } from '../figures/figures.service.ts';

/**
 * A figure as CSV (RFC 4180, with a header). A count that is not told is an empty field. Text that a spreadsheet would run
 * as a formula begins with an apostrophe.
 */
export function toCsv({ table }: PublicFigure): string {
  return stringify([table.columns.map(({ name }) => name), ...table.rows.map((row) => [...row])], {
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}
