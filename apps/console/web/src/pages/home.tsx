import type { JSX } from 'react';
import type { ApiFigure, ApiProjectHead } from '../../../src/api.ts';
import { told } from '../figure/told.ts';
import { useAnswer } from '../use-answer.ts';
import { Frame } from './frame.tsx';

/** All projects, each with the count that can be believed most. */
export function HomePage(): JSX.Element {
  const asked = useAnswer<readonly ApiProjectHead[]>('/api/projects');
  return (
    <Frame title="Rollcall">
      <h1>Who uses it, in numbers that explain themselves</h1>
      <p className="lead">
        Each project says what its software reports, and everyone may see what becomes of it. Every
        figure comes with its definition and its query.
      </p>
      {asked.state === 'failed' && <p role="status">{asked.error.message}</p>}
      <ul className="cards">
        {asked.state === 'answered' &&
          asked.answer.map((project) => <ProjectCard key={project.name} project={project} />)}
      </ul>
    </Frame>
  );
}

function ProjectCard({ project }: { readonly project: ApiProjectHead }): JSX.Element {
  const page = `/projects/${encodeURIComponent(project.name)}`;
  return (
    <li className="card">
      <h2>
        <a href={page}>{project.title}</a>
      </h2>
      <Headline project={project.name} />
      <p className="soft clamp">{project.why}</p>
      <p>
        <a href={`${page}/privacy`}>
          What is collected<span className="visually-hidden"> of {project.title}</span>
        </a>
      </p>
    </li>
  );
}

function Headline({ project }: { readonly project: string }): JSX.Element {
  const asked = useAnswer<ApiFigure>(`/api/projects/${encodeURIComponent(project)}/figures/ladder`);
  if (asked.state === 'asking') return <p className="headline soft">…</p>;
  if (asked.state === 'failed') return <p className="headline soft">no figure just now</p>;
  const { columns, rows, least_count: least } = asked.answer;
  const at = columns.findIndex(({ name }) => name === 'qualified');
  return (
    <p className="headline">
      <strong>{told(rows[0]?.[at] ?? null, least)}</strong> qualified installations
    </p>
  );
}
