import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RollcallError } from '@rollcall/contracts-transport';

/** A question with its SQL. */
export interface NamedQuery {
  /** File name without its ending. */
  readonly name: string;
  readonly question: string;
  /** Whose question it is, and where it is asked. */
  readonly page: string;
  /** Name to value, for what nobody sets. `-29d` is the UTC day 29 days ago. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Parameters as `{name:Type}`. */
  readonly sql: string;
}

const ENDING = '.sql';
const DAY_MS = 86_400_000;

/**
 * Reads a folder of named queries, by name.
 *
 * Shape of a file: lines `-- question: …`, `-- page: …`, `-- parameter: name = default`, other comments, one statement.
 * @throws CFG_INVALID for a file without a question or a page, or with a parameter that has no default
 */
export function readNamedQueries(directory: string): readonly NamedQuery[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(ENDING))
    .toSorted()
    .map((file) =>
      parseNamedQuery(basename(file, ENDING), readFileSync(join(directory, file), 'utf8')),
    );
}

/** @throws CFG_INVALID as {@link readNamedQueries} */
export function parseNamedQuery(name: string, text: string): NamedQuery {
  const question = /^-- question: (.+)$/m.exec(text)?.[1];
  const page = /^-- page: (.+)$/m.exec(text)?.[1];
  const given = [...text.matchAll(/^-- parameter: (\w+) = (.*)$/gm)];
  const defaults = Object.fromEntries(given.map(([, key = '', value = '']) => [key, value]));
  const sql = text.replaceAll(/^--.*\n/gm, '').trim();
  const used = [...sql.matchAll(/\{(\w+):\w+\}/g)].map(([, key = '']) => key);
  const missing = used.find((key) => !(key in defaults));
  if (question === undefined || page === undefined || missing !== undefined)
    throw new RollcallError('CFG_INVALID', `${name}: ${missing ?? 'question or page'} is missing`);
  return { name, question, page, defaults, sql };
}

/**
 * The values to run a query with: what is given, else the defaults, with days counted back from `now`.
 *
 * @param now epoch ms
 * @throws CFG_INVALID for a parameter that the query does not have
 */
export function queryParameters(
  { name, defaults }: NamedQuery,
  given: Readonly<Record<string, string>>,
  now: number,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).find((key) => !(key in defaults));
  if (unknown !== undefined)
    throw new RollcallError(
      'CFG_INVALID',
      `${name} has no parameter ${unknown}, but ${Object.keys(defaults).join(', ')}`,
    );
  const values = Object.entries({ ...defaults, ...given });
  return Object.fromEntries(values.map(([key, value]) => [key, toDay(value, now)]));
}

function toDay(value: string, now: number): string {
  const back = /^-?(\d{1,5})d$/.exec(value)?.[1];
  if (back === undefined) return value;
  return new Date(now - Number(back) * DAY_MS).toISOString().slice(0, 10);
}
