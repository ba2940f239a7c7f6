import { toBlocks, type Block, type TableRow } from './page-blocks.ts';
import { PAGE_STYLE } from './html-style.ts';
import type { PrivacyPage } from './privacy-page.ts';

/** What the page may do: show itself. Nothing is fetched, no script runs, no frame or form works. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * The page as one HTML document.
 *
 * Guarantee: self-contained, no request to any origin; everything from the catalogue is escaped; readable from 320
 * pixels on, in light and dark, and without a mouse.
 */
export function toHtml(page: PrivacyPage): string {
  const title = escapeHtml(`What ${page.title} collects`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...toBlocks(page).map(render),
    '</main>',
    `<footer><p>Made from <code>catalogue/${escapeHtml(page.project)}.yaml</code>, the file that decides what is kept.</p></footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function render(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return renderHeading(block);
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'link':
      return `<p><a href="${escapeHtml(httpOnly(block.href))}" rel="noopener noreferrer">${escapeHtml(block.text)}</a></p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(block.text.trimEnd())}</code></pre>`;
    case 'table':
      return renderTable(block.columns, block.rows);
  }
}

function renderHeading({ level, text, isCode }: Extract<Block, { kind: 'heading' }>): string {
  const escaped = escapeHtml(text);
  return `<h${level}>${isCode ? `<code>${escaped}</code>` : escaped}</h${level}>`;
}

function renderTable(columns: readonly string[], rows: readonly TableRow[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows.map((row) => renderRow(columns, row)).join('\n');
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

function renderRow(columns: readonly string[], [name, ...texts]: TableRow): string {
  const cells = texts.map(
    (text, i) => `<td data-label="${escapeHtml(columns[i + 1] ?? '')}">${escapeHtml(text)}</td>`,
  );
  return `<tr><th scope="row"><code>${escapeHtml(name)}</code></th>${cells.join('')}</tr>`;
}

/** The schema lets no other scheme in; this holds for pages that were made from elsewhere, too. */
function httpOnly(href: string): string {
  return /^https?:\/\//i.test(href) ? href : '#';
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
