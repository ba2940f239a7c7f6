import type { JSX } from 'react';
import type { ApiCell, ApiFigure } from '../../../src/api.ts';
import { told } from './told.ts';

const STEPS = [
  { name: 'received', title: 'Received', text: 'at least one event' },
  { name: 'plausible', title: 'Plausible', text: 'told a version, with a clock that is right' },
  { name: 'confirmed', title: 'Confirmed', text: 'seen on two days or more' },
  { name: 'removed_ci', title: '− CI', text: 'runs in continuous integration' },
  { name: 'removed_dev', title: '− Development', text: 'builds that are no release' },
  { name: 'removed_fork', title: '− Forks', text: 'versions of somebody else' },
  { name: 'qualified', title: 'Qualified', text: 'what is left' },
] as const;

/** From what was received to what counts: a bar for each step, and for what each filter took away. */
export function LadderChart({ figure }: { readonly figure: ApiFigure }): JSX.Element {
  const { columns, rows, least_count: leastCount } = figure;
  const [row = []] = rows;
  const valueOf = (name: string): ApiCell =>
    row[columns.findIndex((one) => one.name === name)] ?? null;
  const most = Math.max(1, ...row.map((cell) => (typeof cell === 'number' ? cell : 0)));
  return (
    <ol className="ladder">
      {STEPS.map(({ name, title, text }) => {
        const value = valueOf(name);
        const share = typeof value === 'number' ? value / most : 0;
        return (
          <li key={name} className={name.startsWith('removed') ? 'removed' : ''}>
            <span className="step">
              <strong>{title}</strong> <span className="soft">{text}</span>
            </span>
            <span className="bar" aria-hidden="true">
              <span style={{ width: `${share * 100}%` }} />
            </span>
            <span className="value">{told(value, leastCount)}</span>
          </li>
        );
      })}
    </ol>
  );
}
