/** Whose rows are to go: pseudonyms of one project. */
export interface Erased {
  readonly project: string;
  readonly pseudonyms: readonly string[];
}

/** A mutation takes no parameters, so its texts are written into it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function quoteList(texts: readonly string[]): string {
  return texts.map(quoteText).join(', ');
}

/** The rows of erased installations, whenever they were received. */
export function matchingRows({ project, pseudonyms }: Erased): string {
  return `project = ${quoteText(project)} AND installation IN (${quoteList(pseudonyms)})`;
}
