import type { JSX } from 'react';
import { LinesChart } from '../chart/lines-chart.tsx';
import { usePipeline } from './use-pipeline.ts';

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const numberText = (value: number | null): string => (value === null ? '—' : NUMBER.format(value));

/** Events per second at each stage, and how far it is behind. */
export function PipelinePanel(): JSX.Element {
  const { stages, rates, fault } = usePipeline();
  return (
    <section className="figure" aria-labelledby="pipeline">
      <h2 id="pipeline">Pipeline</h2>
      {fault !== undefined && <p role="alert">{fault.message}</p>}
      <LinesChart lines={rates} isDaily={false} label="Events per second at each stage; the table has the latest" />
      <div className="scroll" tabIndex={0} role="region" aria-label="Stages of the pipeline">
        <table>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">State</th>
              <th scope="col" className="count">
                Events per second
              </th>
              <th scope="col" className="count">
                Events since it started
              </th>
              <th scope="col" className="count">
                Records behind
              </th>
              <th scope="col" className="count">
                Bytes on disk
              </th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.name}>
                <th scope="row">{stage.name}</th>
                <td>{stage.is_ready ? 'ready' : 'not ready'}</td>
                <td className="count">
                  {numberText(rates.lines.find(({ name }) => name === stage.name)?.values.at(-1) ?? null)}
                </td>
                <td className="count">{numberText(stage.events)}</td>
                <td className="count">{numberText(stage.lag)}</td>
                <td className="count">{numberText(stage.spooled_bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
