import { PAGE_STYLE } from './html-style.ts';

/** A document before it is written: texts of its parts are HTML already. */
export interface HtmlDocument {
  /** Plain text. */
  readonly title: string;
  readonly main: readonly string[];
  readonly footer?: string;
  /** Whether forms may be sent, to where the document is from. */
  readonly hasForm?: boolean;
  /** The browser asks again after so many seconds. */
  readonly refreshS?: number;
}

/**
 * One HTML document in the style of the public page.
 *
 * Guarantee: self-contained, no request to any origin; no script runs; readable from 320 pixels on, in light and dark,
 * and without a mouse.
 */
export function htmlDocument({ title, main, footer, hasForm, refreshS }: HtmlDocument): string {
  const formAction = hasForm === true ? "'self'" : "'none'";
  const policy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${formAction}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    ...(refreshS === undefined ? [] : [`<meta http-equiv="refresh" content="${refreshS}">`]),
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...main,
    '</main>',
    ...(footer === undefined ? [] : [`<footer><p>${footer}</p></footer>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that can neither begin a tag nor leave an attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
