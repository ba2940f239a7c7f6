/**
 * One fault of a catalogue file, with the place to look at and what to do about it.
 *
 * Guarantee: made of names and rules of the file, which is public; never of event content.
 */
export interface Finding {
  /** File name inside the catalogue directory. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where in the file, keys joined by dots; empty for the file as a whole. */
  readonly path: string;
  readonly problem: string;
  /** What to do, one sentence. */
  readonly advice: string;
}

/** A finding as one line of text: `kamaji.yaml:12 events.stats.fields: problem. What to do.` */
export function formatFinding(finding: Finding): string {
  const where = `${finding.file}:${finding.line}${finding.path === '' ? '' : ` ${finding.path}`}`;
  return `${where}: ${finding.problem}. ${finding.advice}.`;
}

/**
 * Orders findings the way a reader fixes them: by file, then from top to bottom. What an anchor carries to many places
 * is one fault on one line, and is said once.
 */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const once = new Map(
    findings.map((finding) => [`${finding.file}:${finding.line}:${finding.problem}`, finding]),
  );
  return [...once.values()].toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}
