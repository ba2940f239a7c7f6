import type { JSX } from 'react';
import type { ApiFigure } from '../../../src/api.ts';
import { cellText, columnTitle } from './told.ts';

/** Rows that a page shows; the whole of a figure is one click away as CSV. */
const SHOWN = 400;

/** The figure as a table: what the chart shows, for who reads or hears it. The latest rows first. */
export function DataTable({ figure }: { readonly figure: ApiFigure }): JSX.Element {
  const { columns, rows, least_count: leastCount, title } = figure;
  const shown = rows.toReversed().slice(0, SHOWN);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.kind}>
                {columnTitle(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={index}>
              {columns.map((column, at) => (
                <td key={column.name} className={column.kind}>
                  {cellText(row[at] ?? null, column, leastCount)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && (
        <p className="soft">
          The latest {SHOWN} of {rows.length} rows; the CSV has all of them.
        </p>
      )}
    </div>
  );
}
