import { useState, type JSX } from 'react';
import type { ApiCatalogue, ApiProjectHead } from '../../../src/api.ts';
import { useAnswer } from '../use-answer.ts';
import { DeclaredTable, DroppedTable, MetricTable } from './catalogue-tables.tsx';
import { DaysSelect } from './days-select.tsx';

const DAYS = [1, 7, 30] as const;

/** What a project's catalogue names beside what came: fields in use, and how much was dropped. */
export function CataloguePanel(): JSX.Element {
  const asked = useAnswer<readonly ApiProjectHead[]>('/api/projects');
  const [chosen, setChosen] = useState<string>();
  const [days, setDays] = useState<number>(1);
  const projects = asked.state === 'answered' ? asked.answer : [];
  const project = chosen ?? projects[0]?.name;
  return (
    <section className="figure" aria-labelledby="catalogue">
      <h2 id="catalogue">Catalogue</h2>
      {asked.state === 'failed' && <p role="alert">{asked.error.message}</p>}
      <div className="links">
        <span>
          <label htmlFor="catalogue-project">Project</label>{' '}
          <select
            id="catalogue-project"
            value={project}
            onChange={({ target }) => setChosen(target.value)}
          >
            {projects.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </span>
        <DaysSelect choices={DAYS} days={days} chosen={setDays} />
      </div>
      {project !== undefined && <Catalogue key={`${project}/${days}`} {...{ project, days }} />}
    </section>
  );
}

interface CatalogueProps {
  readonly project: string;
  readonly days: number;
}

function Catalogue({ project, days }: CatalogueProps): JSX.Element {
  const path = `/operate/api/catalogue/${encodeURIComponent(project)}?days=${days}`;
  const asked = useAnswer<ApiCatalogue>(path);
  if (asked.state === 'failed') return <p role="alert">{asked.error.message}</p>;
  if (asked.state === 'asking') return <div className="blank" aria-busy="true" />;
  const { dropped, events, metrics } = asked.answer;
  return (
    <>
      <h3>Dropped</h3>
      <DroppedTable dropped={dropped} />
      <p className="soft">
        By kind and day, not by name: what the catalogue does not name was named by a client, and
        can be somebody’s. Such names are stored nowhere. Whoever sends an event with the header{' '}
        <code>Rollcall-Dry-Run: 1</code> is told which of its fields would be dropped.
      </p>
      <h3>Declared</h3>
      <DeclaredTable events={events} />
      {metrics.length > 0 && (
        <>
          <h3>Declared metrics</h3>
          <MetricTable metrics={metrics} />
        </>
      )}
      <p className="soft">
        An event that a client repeated may be counted twice for a while, until ClickHouse has
        merged it. A dash stands where there are too many events to be counted while you wait: ask
        for fewer days.
      </p>
    </>
  );
}
