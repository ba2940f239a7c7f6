import { useMemo, useState, type JSX, type SubmitEvent } from 'react';
import type { ApiQueryResult } from '../../../src/api.ts';
import { ApiError, sendJson } from '../api-client.ts';
import { LinesChart } from '../chart/lines-chart.tsx';
import { toLines } from './query-lines.ts';

const EXAMPLE = `SELECT day, sum(installations) AS installations
FROM daily_active
WHERE day >= today() - 30
GROUP BY day
ORDER BY day`;

/** SQL with the analyst's rights; drawn when it has a column of days or instants and one of numbers. */
export function QueryPanel(): JSX.Element {
  const [query, setQuery] = useState(EXAMPLE);
  const [result, setResult] = useState<ApiQueryResult>();
  const [fault, setFault] = useState('');
  const [isRunning, setIsRunning] = useState(false);
  const run = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setIsRunning(true);
    setFault('');
    try {
      const answer = await sendJson('POST', '/operate/api/query', { query });
      setResult((await answer.json()) as ApiQueryResult);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setResult(undefined);
      setFault(error.message);
    } finally {
      setIsRunning(false);
    }
  };
  return (
    <section className="figure" aria-labelledby="query">
      <h2 id="query">Query</h2>
      <form onSubmit={(event) => void run(event)}>
        <label htmlFor="sql">SQL, with the rights of the analyst</label>
        <textarea
          id="sql"
          rows={7}
          spellCheck={false}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
        <button type="submit" disabled={isRunning}>
          {isRunning ? 'Running…' : 'Run'}
        </button>
      </form>
      <p role="alert" className="fault">
        {fault}
      </p>
      {result !== undefined && <Result result={result} />}
    </section>
  );
}

function Result({ result }: { readonly result: ApiQueryResult }): JSX.Element {
  const lines = useMemo(() => toLines(result), [result]);
  const { columns, rows, is_cut: isCut } = result;
  return (
    <div role="status">
      <p className="soft">
        {rows.length} rows{isCut ? ', and more that are not shown' : ''}; {result.elapsed_ms} ms,{' '}
        {result.rows_read} rows read.
      </p>
      {lines !== undefined && (
        <LinesChart
          lines={lines}
          isDaily={false}
          label="The result over time; the table has the values"
        />
      )}
      <div className="scroll" tabIndex={0} role="region" aria-label="Result of the query">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, type }, at) => (
                <th key={at} scope="col" title={type}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, 500).map((row, index) => (
              <tr key={index}>
                {row.map((cell, at) => (
                  <td key={at}>{typeof cell === 'string' ? cell : JSON.stringify(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
