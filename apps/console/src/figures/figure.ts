import type { BreakdownShape, SeriesShape } from '@rollcall/publication';
import type { ApiDrawing } from '../api.ts';

/** A public figure: a query over views, and what its columns are. */
export interface FigureDefinition {
  readonly id: string;
  readonly title: string;
  readonly drawing: ApiDrawing;
  readonly definition: string;
  /** With `{project:String}`, and with `{from:Date}` and `{to:Date}` where {@link days} is set. */
  readonly sql: string;
  /** Whole UTC days that it looks back on; the day that is not over is never among them. */
  readonly days?: number;
  readonly shape:
    ({ readonly kind: 'series' } & SeriesShape) | ({ readonly kind: 'breakdown' } & BreakdownShape);
}

const DAY_MS = 86_400_000;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * Values of a figure's parameters.
 *
 * @param now epoch ms
 */
export function parametersOf(
  { days }: FigureDefinition,
  project: string,
  now: number,
): Readonly<Record<string, string>> {
  if (days === undefined) return { project };
  return { project, from: day(now - days * DAY_MS), to: day(now - DAY_MS) };
}
