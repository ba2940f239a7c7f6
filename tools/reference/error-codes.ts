import { CODES } from '@rollcall/contracts-transport';
import { toCode, toTable } from './table.ts';

const ORIGINS = {
  GW: 'Gateway: answered over HTTP',
  CO: 'The console, to people',
  AN: 'Anonymizer',
  SK: 'Sink',
  KFK: 'Kafka',
  CH: 'ClickHouse',
  CFG: 'Settings',
  CAT: 'Catalogue',
} as const;

/** @returns the page of all codes, by where they come from. */
export function errorCodesPage(): string {
  const codes = Object.entries(CODES);
  const known = new Set(Object.keys(ORIGINS));
  const strays = codes.filter(([code]) => !known.has(prefixOf(code)));
  if (strays.length > 0)
    throw new Error(`no heading for ${strays.map(([code]) => code).join(', ')}`);
  const sections = Object.entries(ORIGINS).map(([prefix, title]) => {
    const rows = codes.filter(([code]) => prefixOf(code) === prefix);
    return `## ${title}\n\n${toTable(['code', 'HTTP', 'meaning'], rows.map(toRow))}`;
  });
  return [
    '# Error codes',
    'A code is for ever: texts may change, codes may not. It is what is answered, logged, used as a metric label and stored ' +
      'in `rollcall.rejections`.',
    ...sections,
  ].join('\n\n');
}

function prefixOf(code: string): string {
  return code.slice(0, code.indexOf('_'));
}

function toRow([code, entry]: [
  string,
  { readonly title: string; readonly status?: number },
]): string[] {
  return [toCode(code), entry.status === undefined ? '' : String(entry.status), entry.title];
}
