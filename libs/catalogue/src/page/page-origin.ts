import type { PrivacyPage } from './privacy-page.ts';

const PLACEHOLDER = '{origin}';

/**
 * The page with the gateway's own address in its commands.
 *
 * Guarantee: only scheme, host and port of a valid http(s) address get in (a Host header is not to be trusted in a
 * command that somebody copies); for anything else the placeholder stays.
 */
export function withOrigin(page: PrivacyPage, origin: string): PrivacyPage {
  const safe = safeOrigin(origin);
  if (safe === undefined) return page;
  const dryRun = page.dryRun.map((example) => ({
    ...example,
    command: example.command.replaceAll(PLACEHOLDER, safe),
  }));
  return { ...page, dryRun };
}

function safeOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin } = new URL(text);
  const isPlain = /^https?:\/\/[a-z0-9.:[\]-]+$/.test(origin);
  return isPlain && (protocol === 'http:' || protocol === 'https:') ? origin : undefined;
}
