import { toBlocks, type Block, type TableRow } from './page-blocks.ts';
import { escapeHtml, htmlDocument } from './html-document.ts';
import type { PrivacyPage } from './privacy-page.ts';

/**
 * The page as one HTML document.
 *
 * Guarantee: self-contained, no request to any origin; everything from the catalogue is escaped; readable from 320
 * pixels on, in light and dark, and without a mouse.
 */
export function toHtml(page: PrivacyPage): string {
  return htmlDocument({
    title: `What ${page.title} collects`,
    main: toBlocks(page).map(render),
    hasForm: page.erasureAction !== undefined,
    footer: `Made from <code>catalogue/${escapeHtml(page.project)}.yaml</code>, the file that decides what is kept.`,
  });
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
    case 'erasure-form':
      return renderErasureForm(block.action);
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

/** The identifier travels in the body, never in an address, and no browser is to remember it. */
function renderErasureForm(action: string): string {
  return [
    `<form method="post" action="${escapeHtml(action)}" autocomplete="off">`,
    '<p><label for="installation_id">Identifier of the installation</label><br>',
    '<input id="installation_id" name="installation_id" type="text" required maxlength="512" autocomplete="off" spellcheck="false"></p>',
    '<p><button type="submit">Erase its data</button></p>',
    '</form>',
  ].join('\n');
}

/** The schema lets no other scheme in; this holds for pages that were made from elsewhere, too. */
function httpOnly(href: string): string {
  return /^https?:\/\//i.test(href) ? href : '#';
}
