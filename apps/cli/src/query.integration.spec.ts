import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClickHouse } from '@rollcall/clickhouse';
import { testServers, uniqueName } from '@rollcall/testing';
import { readCliConfig } from './cli.config.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const project = uniqueName('query');
let directory = '';

/** No CLICKHOUSE_USER: the login comes from the file of credentials, and is the analyst's. */
async function run(...args: string[]): Promise<string> {
  const said: string[] = [];
  const terminal = {
    out: (text: string): void => void said.push(text),
    err: (text: string): void => void said.push(text),
  };
  const env = {
    ROLLCALL_DATA_DIR: directory,
    ROLLCALL_QUERIES_DIR: join(REPOSITORY, 'deploy/clickhouse/queries'),
    CLICKHOUSE_URL: testServers().clickhouse.url,
  };
  const program = createProgram({ terminal, config: () => readCliConfig(env) });
  await program
    .parseAsync(args, { from: 'user' })
    .catch((error: unknown) => reportFailure(error, terminal));
  return said.join('\n');
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-query-'));
  const { url, admin, analyst } = testServers().clickhouse;
  const nobody = { user: 'nobody', password: '' };
  const credentials = { clickhouse: { admin: nobody, analyst } };
  await writeFile(join(directory, 'credentials.json'), JSON.stringify(credentials));
  const client = createClickHouse({ url, username: admin.user, password: admin.password });
  const at = '2026-11-02 12:00:00.000';
  const rows = ['eks', 'eks', 'kind'].map((provider) => ({
    ...{ project, provider, event_id: randomUUID(), installation: randomUUID() },
    ...{ event: 'operator_started', properties: {}, occurred_at: at, received_at: at },
    expires_at: '2036-01-01 00:00:00',
  }));
  const lines = [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))];
  expect(await client.insertLines('events', lines, { token: randomUUID() })).toMatchObject({
    kind: 'ok',
  });
  await client.close();
});
afterAll(() => rm(directory, { recursive: true }));

const WINDOW = [`project=${project}`, 'from=2026-11-01', 'to=2026-11-30'];
const params = WINDOW.flatMap((param) => ['--param', param]);

it('prints a table, with the rights of an analyst', async () => {
  const said = await run('query', 'glasskube-providers', ...params);
  expect(said.split('\n').slice(0, 4)).toEqual([
    'provider  clusters',
    '--------  --------',
    'eks              2',
    'kind             1',
  ]);
  expect(said).toContain('On which kinds of Kubernetes does Glasskube run? (project');
});

it('prints JSON for programs', async () => {
  const rows: unknown = JSON.parse(await run('query', 'glasskube-providers', '--json', ...params));
  expect(rows).toHaveLength(2);
});

it('says which questions there are, and which parameters', async () => {
  expect(await run('query')).toContain('kusk-opt-outs');
  expect(await run('query', 'kusk-nothing')).toMatch(/^CFG_INVALID: .*no query kusk-nothing/);
  expect(await run('query', 'kusk-opt-outs', '--param', 'form=1')).toContain('project, from, to');
  expect(await run('query', 'kusk-opt-outs', '--param', 'form')).toContain('not name=value');
});

it('gives no value a chance to be SQL', async () => {
  const said = await run('query', 'kusk-opt-outs', '--param', `project=x' OR 1 OR '`);
  expect(said).toContain('No rows.');
  expect(await run('query', 'kusk-opt-outs', '--param', 'from=today()')).toMatch(/^CH_/);
});
