import type { InstallationTable } from './installation-tables.ts';

/** What is to be erased: pseudonyms of a project, and until when. */
export interface ErasureOrder {
  readonly project: string;
  readonly pseudonyms: readonly string[];
  /** As ClickHouse writes a DateTime64 of UTC. */
  readonly requestedAt: string;
}

/** A mutation takes no parameters, so its texts are written into it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function quoteList(texts: readonly string[]): string {
  return texts.map(quoteText).join(', ');
}

/**
 * The rows that an order covers: what was received until it was given, or happened until then and came later. A table
 * that has no time of its own loses all rows of the installation.
 */
export function matchingRows({ times }: InstallationTable, order: ErasureOrder): string {
  const ofInstallation = `project = ${quoteText(order.project)} AND installation IN (${quoteList(order.pseudonyms)})`;
  if (times.length === 0) return ofInstallation;
  const until = `toDateTime64(${quoteText(order.requestedAt)}, 3, 'UTC')`;
  return `${ofInstallation} AND (${times.map((column) => `${column} <= ${until}`).join(' OR ')})`;
}
