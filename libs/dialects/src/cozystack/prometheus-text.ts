import type { RawSample } from '@rollcall/contracts-raw';
import { shapeFault, type EventFault } from '../event-fault.ts';

const METRIC_NAME = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const LABEL_NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
/** A value between quotes; in it a backslash may stand before a backslash, a quote or an n only. */
const LABEL_VALUE = /"((?:[^"\\]|\\[\\"n])*)"/y;
/** Value, and a timestamp that is tolerated and not used. */
const VALUE =
  /([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)(?:[ \t]+-?\d+)?[ \t\r]*$/y;
const BLANKS = /[ \t\r]*/y;
/** No series of a sane client comes near; a pattern need not be run over more. */
const MAX_LINE_LENGTH = 16_384;

type Labels = Record<string, string>;

/**
 * One line of Prometheus text.
 *
 * Guarantee: a line counts whole or not at all; nothing is guessed. Clients that do not escape quotes or backslashes in
 * a label value make lines that end here, instead of lines that say something else.
 * @returns a sample, the fault of the line, or undefined for a line that holds nothing (blank, comment).
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readSample(line: string): RawSample | EventFault | undefined {
  if (line.length > MAX_LINE_LENGTH) return shapeFault('', 'the line is too long');
  const scan = new LineScan(line);
  if (scan.isAtEnd() || scan.has('#')) return undefined;
  const name = scan.take(METRIC_NAME);
  if (name === undefined) return shapeFault('', 'no metric name');
  const labels = scan.has('{') ? readLabels(scan) : {};
  if (labels === undefined) return shapeFault(name, 'the labels cannot be read');
  const text = scan.take(VALUE);
  if (text === undefined) return shapeFault(name, 'the value cannot be read');
  const value = Number(text);
  return Number.isFinite(value) ? { name, labels, value } : shapeFault(name, 'not a finite value');
}

/** From after `{` to after `}`; undefined for anything irregular, a label that comes twice included. */
function readLabels(scan: LineScan): Labels | undefined {
  const labels: Labels = {};
  while (!scan.has('}')) {
    const name = scan.take(LABEL_NAME);
    if (name === undefined || name === '__proto__' || !scan.has('=')) return undefined;
    const value = scan.take(LABEL_VALUE);
    if (value === undefined || Object.hasOwn(labels, name)) return undefined;
    labels[name] = unescape(value);
    if (scan.has(',')) continue;
    return scan.has('}') ? labels : undefined;
  }
  return labels;
}

function unescape(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

/** A place in a line that moves on over what it recognizes, and over the blanks after it. */
class LineScan {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
    this.#skipBlanks();
  }

  isAtEnd(): boolean {
    return this.#at === this.#line.length;
  }

  /** Whether this character is next; steps over it when it is. */
  has(char: string): boolean {
    if (this.#line[this.#at] !== char) return false;
    this.#at += 1;
    this.#skipBlanks();
    return true;
  }

  /** What a sticky pattern matches here (its first group when it has one); undefined when it does not. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#line);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    this.#skipBlanks();
    return match[1] ?? match[0];
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at;
    BLANKS.exec(this.#line);
    this.#at = BLANKS.lastIndex;
  }
}
