import { toBlocks, type Block, type TableRow } from './page-blocks.ts';
import type { PrivacyPage } from './privacy-page.ts';

/**
 * The page as Markdown (GitHub's tables).
 *
 * Guarantee: text of the catalogue is escaped; it can neither begin a heading, a link or a tag, nor leave its cell.
 */
export function toMarkdown(page: PrivacyPage): string {
  return `${toBlocks(page).map(render).join('\n\n')}\n`;
}

function render(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.isCode ? codeSpan(block.text) : escapeText(block.text)}`;
    case 'paragraph':
      return escapeText(block.text);
    case 'link':
      return `<${block.href.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
    case 'list':
      return block.items.map((item) => `- ${escapeText(item)}`).join('\n');
    case 'code':
      return codeBlock(block.text);
    case 'table':
      return [
        tableRow(block.columns),
        tableRow(block.columns.map(() => '---')),
        ...block.rows.map(fieldRow),
      ].join('\n');
    case 'erasure-form':
      return `Send \`installation_id\` in a POST to ${codeSpan(block.action)}, beside this page.`;
  }
}

function fieldRow([name, ...texts]: TableRow): string {
  return tableRow([codeSpan(name).replaceAll('|', '\\|'), ...texts.map(escapeText)]);
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Characters that Markdown or HTML could take for markup, and line ends, which could begin a block. */
function escapeText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#~]/g, (character) => `\\${character}`)
    .replace(/^([-+]|\d+[.)])(?=\s)/, '\\$1');
}

/** Code with a fence longer than any run of backticks in it. */
function codeSpan(text: string): string {
  const fence = fenceFor(text, 1);
  const isPadded = text.startsWith('`') || text.endsWith('`');
  const inner = isPadded ? ` ${oneLine(text)} ` : oneLine(text);
  return `${fence}${inner}${fence}`;
}

function codeBlock(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}sh\n${text.trimEnd()}\n${fence}`;
}

function fenceFor(text: string, shortest: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(shortest, longest + 1));
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
