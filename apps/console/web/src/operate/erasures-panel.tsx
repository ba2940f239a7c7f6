import type { JSX } from 'react';
import type { ApiErasure } from '../../../src/api.ts';
import { useAnswer } from '../use-answer.ts';
import { ScrollTable, type Head } from '../scroll-table.tsx';

const HEADS: readonly Head[] = ['Receipt', 'Project', 'State', 'Asked for', 'Rows'].map(
  (title) => ({ title }),
);

/** Erasures by their receipts: how far each is, and what was deleted. */
export function ErasuresPanel(): JSX.Element {
  const asked = useAnswer<readonly ApiErasure[]>('/operate/api/erasures', 10_000);
  return (
    <section className="figure" aria-labelledby="erasures">
      <h2 id="erasures">Erasures</h2>
      {asked.state === 'failed' && <p role="alert">{asked.error.message}</p>}
      {asked.state === 'answered' && <ErasureTable erasures={asked.answer} />}
    </section>
  );
}

function ErasureTable({ erasures }: { readonly erasures: readonly ApiErasure[] }): JSX.Element {
  if (erasures.length === 0) return <p>Nobody has asked to be erased.</p>;
  return (
    <ScrollTable label="Erasures by receipt" heads={HEADS}>
      {erasures.map(({ receipt, project, status, requested_at: requestedAt, rows }) => (
        <tr key={receipt}>
          <td>
            <code>{receipt.slice(0, 12)}…</code>
          </td>
          <td>{project}</td>
          <td>{status}</td>
          <td>{requestedAt}</td>
          <td>
            {Object.entries(rows)
              .map(([table, count]) => `${table} ${count}`)
              .join(', ')}
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
