import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testServers } from '@rollcall/testing';
import { readCliConfig } from './cli.config.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

test('setup can be run again beside running services, and doctor then finds nothing wrong with the stores', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-setup-'));
  const { brokers, clickhouse } = testServers();
  const env = {
    CATALOGUE_DIR: join(import.meta.dirname, '../../../catalogue'),
    ROLLCALL_DATA_DIR: directory,
    KAFKA_BROKERS: brokers.join(','),
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_USER: clickhouse.admin.user,
    CLICKHOUSE_PASSWORD: clickhouse.admin.password,
  };
  const lines: string[] = [];
  const terminal = {
    out: (text: string): void => void lines.push(text),
    err: (): void => undefined,
  };
  const run = async (...args: string[]): Promise<number> => {
    lines.length = 0;
    const program = createProgram({ terminal, config: () => readCliConfig(env) });
    return program.parseAsync(args, { from: 'user' }).then(
      () => 0,
      (error: unknown) => reportFailure(error, terminal),
    );
  };

  expect(await run('setup')).toBe(0);
  expect(await run('setup')).toBe(0);
  expect(lines.join('\n')).toContain('0 migrations applied now');
  await run('doctor', '--json');
  const results = JSON.parse(lines.join('\n')) as {
    name: string;
    status: string;
    detail: string;
  }[];
  const stores = results.filter(({ name }) => ['keyring', 'kafka', 'clickhouse'].includes(name));
  expect(stores.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  expect(JSON.stringify(results)).not.toContain(clickhouse.admin.password);

  expect(await run('setup', '--skip', 'keys', 'topics', 'tables')).toBe(0);
  expect(lines).toEqual([]);
  await rm(directory, { recursive: true });
});

test('setup says that the password is wrong, by its code and without it', async () => {
  const { clickhouse } = testServers();
  const said: string[] = [];
  const terminal = {
    out: (): void => undefined,
    err: (text: string): void => void said.push(text),
  };
  const env = {
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_USER: 'admin',
    CLICKHOUSE_PASSWORD: 'not-the-password',
  };
  const program = createProgram({ terminal, config: () => readCliConfig(env) });
  const error: unknown = await program
    .parseAsync(['setup', '--skip', 'keys', 'topics'], { from: 'user' })
    .catch((cause: unknown) => cause);
  expect(reportFailure(error, terminal)).toBe(1);
  expect(said.join('\n')).toMatch(/^CH_DENIED: /);
  expect(said.join('\n')).not.toContain('not-the-password');
});
