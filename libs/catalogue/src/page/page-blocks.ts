import type { PageEvent, PageField, PageOptOut, PageSection, PrivacyPage } from './privacy-page.ts';

/** A piece of the page. Both renderers are made from the same list, so that HTML and Markdown cannot differ. */
export type Block =
  | {
      readonly kind: 'heading';
      readonly level: 1 | 2 | 3;
      readonly text: string;
      readonly isCode: boolean;
    }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly TableRow[];
    }
  | { readonly kind: 'erasure-form'; readonly action: string };

/** The first cell is the name of a field and is shown as code. */
export type TableRow = readonly [name: string, ...texts: string[]];

const FIELD_COLUMNS = ['Field', 'What is done with it', 'What it is for'];

/** The page from top to bottom: what, why, how, how long, where, who, and how to stop it. */
export function toBlocks(page: PrivacyPage): readonly Block[] {
  return [
    heading(1, `What ${page.title} collects`),
    paragraph(page.why),
    { kind: 'link', text: page.homepage, href: page.homepage },
    paragraph(`Questions: ${page.contact}`),
    heading(2, 'What is collected'),
    ...grouped(page.events).flatMap(eventBlocks),
    ...commonBlocks(page.commonFields),
    ...metricBlocks(page.metrics),
    heading(2, 'What is not collected'),
    { kind: 'list', items: page.notCollected },
    ...droppedBlocks(page),
    ...[page.installation, page.treatment, page.pseudonyms, page.retention].flatMap(sectionBlocks),
    ...[page.flow, page.access].flatMap(sectionBlocks),
    ...optOutBlocks(page),
    ...erasureBlocks(page),
    ...dryRunBlocks(page),
  ];
}

function heading(level: 1 | 2 | 3, text: string, isCode = false): Block {
  return { kind: 'heading', level, text, isCode };
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

/** Events that are alike but for their name are shown once, under all their names. */
function grouped(events: readonly PageEvent[]): readonly PageEvent[] {
  const groups = Map.groupBy(events, ({ purpose, fields }) => JSON.stringify([purpose, fields]));
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined
      ? []
      : [{ ...first, name: alike.map(({ name }) => name).join(', ') }];
  });
}

function eventBlocks({ name, purpose, fields }: PageEvent): Block[] {
  const title = [heading(3, name, true), paragraph(purpose)];
  return fields.length === 0 ? title : [...title, fieldTable(fields)];
}

function fieldTable(fields: readonly PageField[]): Block {
  const rows = fields.map(({ path, how, purpose }): TableRow => [path, how, purpose]);
  return { kind: 'table', columns: FIELD_COLUMNS, rows };
}

function commonBlocks(fields: readonly PageField[]): Block[] {
  return fields.length === 0 ? [] : [heading(3, 'With every event'), fieldTable(fields)];
}

function metricBlocks(metrics: readonly PageEvent[]): Block[] {
  if (metrics.length === 0) return [];
  return [heading(2, 'Metrics'), ...metrics.flatMap(eventBlocks)];
}

function droppedBlocks({ dropped }: PrivacyPage): Block[] {
  if (dropped.length === 0) return [];
  const rows = dropped.map(({ path, reason }): TableRow => [path, reason]);
  return [
    paragraph(
      'Clients are known to send these fields. They are thrown away before anything is stored:',
    ),
    { kind: 'table', columns: ['Field', 'Why it is dropped'], rows },
  ];
}

function sectionBlocks({ title, sentences }: PageSection): Block[] {
  return [heading(2, title), ...sentences.map(paragraph)];
}

function optOutBlocks(page: PrivacyPage): Block[] {
  const ways = page.optOut.flatMap(wayBlocks);
  return [heading(2, page.optOutNote.title), ...ways, ...page.optOutNote.sentences.map(paragraph)];
}

function wayBlocks({ title, instruction, command }: PageOptOut): Block[] {
  const way = [heading(3, title), paragraph(instruction)];
  return command === undefined ? way : [...way, { kind: 'code', text: command }];
}

function erasureBlocks({ erasure, erasureAction, erasureLink }: PrivacyPage): Block[] {
  const section = sectionBlocks(erasure);
  if (erasureAction !== undefined)
    return [...section, { kind: 'erasure-form', action: erasureAction }];
  return erasureLink === undefined
    ? section
    : [...section, { kind: 'link', text: 'To the form for erasure', href: erasureLink }];
}

function dryRunBlocks({ dryRun }: PrivacyPage): Block[] {
  if (dryRun.length === 0) return [];
  const examples = dryRun.flatMap(({ explanation, command }, i): Block[] => [
    ...(i === 0 ? [paragraph(explanation)] : []),
    { kind: 'code', text: command },
  ]);
  return [heading(2, 'See what would be kept'), ...examples];
}
