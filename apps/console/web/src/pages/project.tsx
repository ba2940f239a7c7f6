import type { JSX } from 'react';
import type { ApiProject } from '../../../src/api.ts';
import { FigureSection } from '../figure/figure-section.tsx';
import { useAnswer } from '../use-answer.ts';
import { Frame } from './frame.tsx';

/** All that is published of a project. */
export function ProjectPage({ name }: { readonly name: string }): JSX.Element {
  const asked = useAnswer<ApiProject>(`/api/projects/${encodeURIComponent(name)}`);
  if (asked.state === 'asking')
    return (
      <Frame title={name}>
        <div className="blank" aria-busy="true" />
      </Frame>
    );
  if (asked.state === 'failed')
    return (
      <Frame title={name}>
        <h1>{name}</h1>
        <p role="status">{asked.error.message}</p>
      </Frame>
    );
  const project = asked.answer;
  return (
    <Frame title={project.title}>
      <h1>{project.title}</h1>
      <p className="lead">{project.why}</p>
      <p className="links">
        <a href={`/projects/${encodeURIComponent(project.name)}/privacy`}>What is collected</a>
        <a href={project.homepage} rel="noopener noreferrer">
          Home page
        </a>
      </p>
      {project.figures.map((head) => (
        <FigureSection key={head.id} project={project.name} head={head} />
      ))}
      <OptOut project={project} />
      <Badge project={project} />
    </Frame>
  );
}

function OptOut({ project }: { readonly project: ApiProject }): JSX.Element {
  return (
    <section className="figure" aria-labelledby="opt-out">
      <h2 id="opt-out">How to opt out</h2>
      <dl>
        {project.opt_out.map(({ title, instruction, command }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              {instruction}
              {command !== undefined && (
                <pre tabIndex={0}>
                  <code>{command}</code>
                </pre>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Badge({ project }: { readonly project: ApiProject }): JSX.Element {
  const image = `${window.location.origin}/api/projects/${encodeURIComponent(project.name)}/badge.svg`;
  const page = `${window.location.origin}/projects/${encodeURIComponent(project.name)}`;
  return (
    <section className="figure" aria-labelledby="badge">
      <h2 id="badge">Badge for a README</h2>
      <p>
        <img src={image} alt={`Confirmed installations of ${project.title}`} height={20} />
      </p>
      <pre tabIndex={0}>
        <code>{`[![installations](${image})](${page})`}</code>
      </pre>
    </section>
  );
}
