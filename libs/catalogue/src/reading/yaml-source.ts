import { LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import type { Finding } from '../finding.ts';
import { lineOfPath } from './node-line.ts';

/** A catalogue file as data, with a way back from a path to the line it stands on. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * How often an alias may be expanded, counting aliases inside aliases. The largest shipped file needs some hundreds; one that
 * multiplies nine levels of nine passes a billion.
 */
const MAX_ALIAS_COUNT = 1_000;
const MAX_FILE_CHARACTERS = 1_048_576;

const ADVICE: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Keep one of the two',
  TAB_AS_INDENT: 'Indent with spaces',
  MULTIPLE_DOCS: 'Keep one document per file',
  TAG_RESOLVE_FAILED: 'Remove the tag; only plain YAML 1.2 is read',
};

/**
 * Reads YAML 1.2 with merge keys and anchors. `no`, `on` and `yes` are text, as 1.2 says; a key that stands twice is
 * a fault, and so is a tag, a second document, or an alias that multiplies.
 *
 * Guarantee: never throws for the text; runs nothing and reads no other file.
 */
export function readYaml(
  file: string,
  text: string,
): { readonly source?: YamlSource; readonly findings: Finding[] } {
  if (text.length > MAX_FILE_CHARACTERS)
    return {
      findings: [fault(file, 1, 'the file is larger than 1 MiB', 'Split it or shorten it')],
    };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const findings = [...document.errors, ...document.warnings].map((error) =>
    toFinding(file, lines, error),
  );
  if (document.directives?.yaml.version !== '1.2')
    findings.push(fault(file, 1, 'the file is not YAML 1.2', 'Remove the %YAML line'));
  if (findings.length > 0) return { findings };
  return expand(file, document, lines);
}

function expand(
  file: string,
  document: Document.Parsed,
  lines: LineCounter,
): { source?: YamlSource; findings: Finding[] } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
    const lineOf = (path: readonly PropertyKey[]): number => lineOfPath(document, lines, path);
    return { source: { file, value, lineOf }, findings: [] };
  } catch {
    const problem = 'an alias is unknown or is repeated too often';
    return {
      findings: [
        fault(file, 1, problem, 'Write the anchor before its aliases, and nest them less'),
      ],
    };
  }
}

function toFinding(file: string, lines: LineCounter, error: YAMLError): Finding {
  const line = Math.max(1, lines.linePos(error.pos[0]).line);
  const problem = error.message.replace(/\.$/, '');
  return fault(file, line, problem, ADVICE[error.code] ?? 'Correct the YAML');
}

function fault(file: string, line: number, problem: string, advice: string): Finding {
  return { file, line, path: '', problem, advice };
}
