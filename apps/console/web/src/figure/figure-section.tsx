import type { JSX } from 'react';
import type { ApiFigure, ApiFigureHead } from '../../../src/api.ts';
import { useAnswer, type Asked } from '../use-answer.ts';
import { DataTable } from './data-table.tsx';
import { LadderChart } from './ladder-chart.tsx';
import { RetentionTable } from './retention-table.tsx';
import { SeriesChart } from './series-chart.tsx';

interface FigureSectionProps {
  readonly project: string;
  readonly head: ApiFigureHead;
}

/** A figure with what it means, its query and its files. It keeps its place while there is nothing to show. */
export function FigureSection({ project, head }: FigureSectionProps): JSX.Element {
  const path = `/api/projects/${encodeURIComponent(project)}/figures/${head.id}`;
  const asked = useAnswer<ApiFigure>(path);
  const heading = `figure-${head.id}`;
  return (
    <section className="figure" aria-labelledby={heading}>
      <h2 id={heading}>{head.title}</h2>
      <Drawing asked={asked} />
      <details>
        <summary>What is counted</summary>
        <p>{head.definition}</p>
        {asked.state === 'answered' && <LeastCount figure={asked.answer} />}
      </details>
      <details>
        <summary>The query</summary>
        <pre tabIndex={0}>
          <code>{head.sql}</code>
        </pre>
        <p className="soft">With {parametersText(head.parameters)}.</p>
      </details>
      {asked.state === 'answered' && asked.answer.drawing !== 'ladder' && (
        <details>
          <summary>As a table</summary>
          <DataTable figure={asked.answer} />
        </details>
      )}
      <p className="files">
        <a href={path}>JSON</a> <a href={`${path}/csv`}>CSV</a>
        {asked.state === 'answered' && (
          <span className="soft">
            as of <time dateTime={asked.answer.made_at}>{minuteOf(asked.answer.made_at)}</time>
          </span>
        )}
      </p>
    </section>
  );
}

function Drawing({ asked }: { readonly asked: Asked<ApiFigure> }): JSX.Element {
  if (asked.state === 'asking') return <div className="blank" aria-busy="true" />;
  if (asked.state === 'failed')
    return (
      <div className="blank" role="status">
        <p>
          {asked.error.message} <code>{asked.error.code}</code>
        </p>
      </div>
    );
  const figure = asked.answer;
  if (!figure.rows.some((row) => row.some((cell) => typeof cell === 'number')))
    return (
      <div className="blank" role="status">
        <p>
          {figure.least_count === 1
            ? 'There is nothing yet.'
            : `There is nothing yet, or less than may be told: no figure is shown below ${figure.least_count} installations.`}
        </p>
      </div>
    );
  switch (figure.drawing) {
    case 'ladder':
      return <LadderChart figure={figure} />;
    case 'retention':
      return <RetentionTable figure={figure} />;
    case 'lines':
    case 'shares':
      return <SeriesChart figure={figure} />;
  }
}

function LeastCount({ figure }: { readonly figure: ApiFigure }): JSX.Element | null {
  const { least_count: least } = figure;
  if (least === 1) return null;
  return (
    <p>
      No count below {least} is told, and every count is rounded down to a multiple of {least}:
      nobody can be made out by subtracting one from another.
    </p>
  );
}

function parametersText(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

/** To the minute, UTC. */
function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
