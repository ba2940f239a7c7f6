import { useState, type JSX } from 'react';
import type { ApiRejection } from '../../../src/api.ts';
import { useAnswer } from '../use-answer.ts';
import { ScrollTable, type Head } from '../scroll-table.tsx';
import { DaysSelect } from './days-select.tsx';
import { ReplayCell } from './replay-cell.tsx';

const DAYS = [1, 7, 30, 90] as const;

const HEADS: readonly Head[] = [
  { title: 'Project' },
  { title: 'Stage' },
  { title: 'Code' },
  { title: 'Count', isCount: true },
  { title: 'Last' },
  { title: 'To send it through again' },
];

/** What was refused or dropped, by code; what still lies in Kafka can be sent through once more. */
export function RejectionsPanel(): JSX.Element {
  const [days, setDays] = useState<number>(1);
  const asked = useAnswer<readonly ApiRejection[]>(`/operate/api/rejections?days=${days}`, 10_000);
  // a question that failed does not take the table away: a replay runs as long as its row is there
  const rejections =
    asked.state === 'answered' ? asked.answer : asked.state === 'failed' ? asked.last : undefined;
  return (
    <section className="figure" aria-labelledby="rejections">
      <h2 id="rejections">Rejections and dropped fields</h2>
      <DaysSelect choices={DAYS} days={days} chosen={setDays} />
      {asked.state === 'failed' && <p role="alert">{asked.error.message}</p>}
      {rejections && <RejectionTable rejections={rejections} days={days} />}
    </section>
  );
}

interface RejectionTableProps {
  readonly rejections: readonly ApiRejection[];
  readonly days: number;
}

function RejectionTable({ rejections, days }: RejectionTableProps): JSX.Element {
  if (rejections.length === 0) return <p>Nothing was refused or dropped.</p>;
  return (
    <ScrollTable label="Rejections by code" heads={HEADS}>
      {rejections.map((one) => (
        <tr key={`${one.project}/${one.stage}/${one.code}/${one.topic}`}>
          <td>{one.project}</td>
          <td>{one.stage}</td>
          <td>
            <code>{one.code}</code> <span className="soft">{one.title}</span>
          </td>
          <td className="count">{one.count}</td>
          <td>{one.last_at}</td>
          <td>{one.replayable > 0 && <ReplayCell rejection={one} days={days} />}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
