import { useMemo, type JSX } from 'react';
import type { ApiFigure } from '../../../src/api.ts';
import { LinesChart } from '../chart/lines-chart.tsx';
import { linesOf } from '../chart/lines.ts';
import { columnTitle } from './told.ts';

/** Counts by day: one line for each name, or for each count. */
export function SeriesChart({ figure }: { readonly figure: ApiFigure }): JSX.Element {
  const lines = useMemo(() => linesOf(toPoints(figure)), [figure]);
  return <LinesChart lines={lines} label={`${figure.title}, by day; the table has the values`} />;
}

type Point = readonly [day: string, name: string, value: number | null];

function toPoints({ columns, rows, drawing }: ApiFigure): Point[] {
  const value = (cell: unknown): number | null => (typeof cell === 'number' ? cell : null);
  if (drawing === 'shares')
    return rows.map(([day, name, count]) => [String(day), String(name), value(count)]);
  return columns
    .slice(1)
    .flatMap((column, at) =>
      rows.map((row): Point => [String(row[0]), columnTitle(column), value(row[at + 1])]),
    );
}
