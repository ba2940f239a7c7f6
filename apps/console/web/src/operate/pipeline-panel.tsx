import type { JSX } from 'react';
import { LinesChart } from '../chart/lines-chart.tsx';
import { usePipeline, type LivePipeline } from './use-pipeline.ts';
import { ScrollTable, type Head } from '../scroll-table.tsx';

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const numberText = (value: number | null): string => (value === null ? '—' : NUMBER.format(value));

const HEADS: readonly Head[] = [
  { title: 'Stage' },
  { title: 'State' },
  ...['Events per second', 'Events since it started', 'Records behind', 'Bytes on disk'].map(
    (title) => ({ title, isCount: true }),
  ),
];

/** Events per second at each stage, and how far it is behind. */
export function PipelinePanel(): JSX.Element {
  const { stages, rates, fault } = usePipeline();
  return (
    <section className="figure" aria-labelledby="pipeline">
      <h2 id="pipeline">Pipeline</h2>
      {fault !== undefined && <p role="alert">{fault.message}</p>}
      <LinesChart
        lines={rates}
        isDaily={false}
        label="Events per second at each stage; the table has the latest"
      />
      <StageTable stages={stages} rates={rates} />
    </section>
  );
}

function StageTable({ stages, rates }: Pick<LivePipeline, 'stages' | 'rates'>): JSX.Element {
  const rateOf = (name: string): number | null =>
    rates.lines.find((line) => line.name === name)?.values.at(-1) ?? null;
  return (
    <ScrollTable label="Stages of the pipeline" heads={HEADS}>
      {stages.map((stage) => (
        <tr key={stage.name}>
          <th scope="row">{stage.name}</th>
          <td>{stage.is_ready ? 'ready' : 'not ready'}</td>
          {[rateOf(stage.name), stage.events, stage.lag, stage.spooled_bytes].map((value, at) => (
            <td key={at} className="count">
              {numberText(value)}
            </td>
          ))}
        </tr>
      ))}
    </ScrollTable>
  );
}
