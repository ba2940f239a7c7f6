import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readNamedQueries } from '@rollcall/clickhouse';

const ROOT = join(import.meta.dirname, '../..');
const queries = readNamedQueries(join(ROOT, 'deploy/clickhouse/queries'));
const specs = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.spec.ts'))
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .join('\n');

it.each(queries.map(({ name }) => name))('%s is run on rows worked out by hand', (name) => {
  expect(specs).toContain(`.ask('${name}')`);
});

it('the commands of Glasskube are those of its catalogue', () => {
  const catalogue = parse(readFileSync(join(ROOT, 'catalogue/glasskube.yaml'), 'utf8'), {
    merge: true,
    maxAliasCount: -1,
  }) as { events: Record<string, { fields?: Record<string, unknown> }> };
  const commands = Object.entries(catalogue.events)
    .filter(([, { fields }]) => fields !== undefined && 'exit_code' in fields)
    .map(([event]) => event)
    .toSorted();
  expect(commands).toContain('install');
  for (const name of ['commands', 'success-rate', 'durations']) {
    const sql = queries.find((query) => query.name === `glasskube-${name}`)?.sql ?? '';
    const listed = /event IN \(([^)]+)\)/.exec(sql)?.[1] ?? '';
    expect([...listed.matchAll(/'([^']+)'/g)].map(([, event = '']) => event).toSorted()).toEqual(
      commands,
    );
  }
});
