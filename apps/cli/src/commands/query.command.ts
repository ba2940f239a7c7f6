import { Command, InvalidArgumentError } from 'commander';
import { createClickHouse, queryParameters, readNamedQueries } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import { analystSettings } from '../analysts/analyst-settings.ts';
import type { CliContext } from '../context.ts';
import { toTable } from '../table.ts';

type Parameters = Readonly<Record<string, string>>;

interface QueryOptions {
  readonly param: Parameters;
  readonly json?: true;
}

/** `rollcall query [name]`: one of the questions in `deploy/clickhouse/queries`, asked with an analyst's rights. */
export function queryCommand(context: CliContext): Command {
  return new Command('query')
    .description('ask a named question; without a name, say which there are')
    .argument('[name]')
    .option(
      '--param <name=value>',
      'set a parameter, e.g. from=2026-11-01 or from=-6d',
      toParameters,
      {},
    )
    .option('--json', 'print the rows as JSON')
    .action((name: string | undefined, options: QueryOptions) => run(name, options, context));
}

function toParameters(text: string, previous: Parameters): Parameters {
  const [, key, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('not name=value');
  return { ...previous, [key]: value };
}

async function run(
  name: string | undefined,
  { param, json }: QueryOptions,
  { config, terminal }: CliContext,
): Promise<void> {
  const settings = config();
  const queries = readNamedQueries(settings.ROLLCALL_QUERIES_DIR);
  if (name === undefined) {
    terminal.out(toTable(queries.map((query) => ({ name: query.name, question: query.question }))));
    return;
  }
  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined)
    throw new RollcallError('CFG_INVALID', `there is no query ${name}; run it without a name`);
  const parameters = queryParameters(query, param, Date.now());
  const client = createClickHouse(analystSettings(settings, parameters['project']));
  try {
    const rows = await client.rows<Record<string, unknown>>(query.sql, parameters);
    terminal.out(json === true ? JSON.stringify(rows, undefined, 2) : toTable(rows));
    if (json !== true) terminal.err(`${query.question} (${toText(parameters)})`);
  } finally {
    await client.close();
  }
}

function toText(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
