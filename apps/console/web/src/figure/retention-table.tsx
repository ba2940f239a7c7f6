import type { JSX } from 'react';
import type { ApiFigure } from '../../../src/api.ts';
import { told } from './told.ts';

const WEEKS = 13;

interface Cohort {
  readonly day: string;
  /** By week since. */
  readonly counts: ReadonlyMap<number, number | null>;
}

/** A row for each week of first sight, a column for each week since; how many of the first came again. */
export function RetentionTable({ figure }: { readonly figure: ApiFigure }): JSX.Element {
  const cohorts = toCohorts(figure);
  const weeks = Array.from({ length: WEEKS }, (_, week) => week);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={`${figure.title}, by week`}>
      <table className="retention">
        <thead>
          <tr>
            <th scope="col">First seen</th>
            <th scope="col">Installations</th>
            {weeks.slice(1).map((week) => (
              <th key={week} scope="col">
                <span className="visually-hidden">after </span>
                {week} w
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohorts.map((cohort) => (
            <tr key={cohort.day}>
              <th scope="row">{cohort.day}</th>
              <td>{told(cohort.counts.get(0) ?? null, figure.least_count)}</td>
              {weeks.slice(1).map((week) => (
                <ShareCell key={week} cohort={cohort} week={week} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ShareCell({
  cohort,
  week,
}: {
  readonly cohort: Cohort;
  readonly week: number;
}): JSX.Element {
  const first = cohort.counts.get(0);
  const count = cohort.counts.get(week);
  if (typeof first !== 'number' || typeof count !== 'number') return <td className="empty">·</td>;
  const share = Math.min(1, count / first);
  return (
    <td className="share" style={{ '--share': String(share) } as React.CSSProperties}>
      {Math.round(share * 100)} %
    </td>
  );
}

function toCohorts({ rows }: ApiFigure): readonly Cohort[] {
  const byDay = Map.groupBy(rows, ([day]) => String(day));
  return [...byDay]
    .map(([day, ofDay]) => ({
      day,
      counts: new Map(
        ofDay.map(([, week, count]) => [Number(week), typeof count === 'number' ? count : null]),
      ),
    }))
    .toSorted((a, b) => (a.day < b.day ? 1 : -1));
}
