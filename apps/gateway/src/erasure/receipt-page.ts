import { escapeHtml, htmlDocument } from '@rollcall/catalogue';
import type { ErasureStatus } from './erasure.service.ts';

const REFRESH_S = 5;

const MEANINGS: Readonly<Record<ErasureStatus['status'], string>> = {
  queued: 'The request is stored and will be carried out. Nothing is deleted yet.',
  deleted: 'The rows are deleted. They are looked for once more before this is called verified.',
  verified: 'The rows are deleted, and a second look found none.',
};

/** The receipt for a person. It asks again by itself until the erasure is verified. */
export function receiptPage(title: string, status: ErasureStatus): string {
  const isDone = status.status === 'verified';
  return htmlDocument({
    title: `Erasure: ${status.status}`,
    main: [
      `<h1>Erasure: ${status.status}</h1>`,
      `<p>${MEANINGS[status.status]}</p>`,
      isDone ? '' : '<p>This page loads itself again every few seconds; keep its address.</p>',
      table(['What', 'Value'], [['project', title], ['receipt', status.receipt], ...times(status)]),
      '<h2>Rows that there were</h2>',
      ...rowCounts(status),
      '<h2>What is left to its retention</h2>',
      '<p>Queues cannot be searched. What was sent leaves them when it expires, and none of it is stored again.</p>',
      table(
        ['Queue', 'Until, at the latest'],
        status.retained.map(({ topic, until }) => [
          topic,
          until ?? 'known once the work has begun',
        ]),
      ),
    ],
    ...(isDone ? {} : { refreshS: REFRESH_S }),
  });
}

/** What a form is told instead of a receipt. */
export function refusalPage(title: string, detail: string): string {
  return htmlDocument({
    title,
    main: [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p>${escapeHtml(detail)}</p>`,
      '<p><a href="privacy">Back to the page</a></p>',
    ],
  });
}

function times({ requested_at, deleted_at, verified_at }: ErasureStatus): [string, string][] {
  const known = { requested: requested_at, deleted: deleted_at, verified: verified_at };
  return Object.entries(known).flatMap(([name, at]): [string, string][] =>
    at === null ? [] : [[name, at]],
  );
}

function rowCounts({ status, rows }: ErasureStatus): string[] {
  const counts = Object.entries(rows).map(([name, count]): [string, string] => [name, `${count}`]);
  if (status === 'queued') return ['<p>They are counted before they are deleted.</p>'];
  return [table(['Table', 'Rows'], counts)];
}

function table(columns: readonly [string, string], rows: readonly [string, string][]): string {
  const [, label] = columns;
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows.map(
    ([name, text]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td data-label="${escapeHtml(label)}">${escapeHtml(text)}</td></tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}
