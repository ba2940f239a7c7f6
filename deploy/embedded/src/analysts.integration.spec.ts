import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  analystAccess,
  ANALYST_LIMITS,
  createClickHouse,
  migrate,
  refreshRollups,
  type ClickHouse,
} from '@rollcall/clickhouse';
import type { Login } from './credentials.ts';
import { processEnvironment } from './environment.config.ts';
import { freePorts } from './ports.ts';
import { startClickHouse, type ClickHouseServer } from './servers.ts';
import { REPOSITORY } from './stack/repository.ts';

const run = promisify(execFile);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const AT = '2026-11-02 12:00:00.000';
const KEPT_UNTIL = '2036-01-01 00:00:00';

let dataDir = '';
let server: ClickHouseServer;
let admin: ClickHouse;
let kusk: Login;
let kamaji: Login;

/** The real command, in a process of its own. */
async function rollcall(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['apps/cli/bin/rollcall.mjs', ...args], {
    cwd: REPOSITORY,
    env: { ...processEnvironment(), ROLLCALL_DATA_DIR: dataDir, CLICKHOUSE_URL: server.url },
  });
  return stdout;
}

async function ask({ user, password }: Login, sql: string): Promise<string> {
  const response = await fetch(`${server.url}/?wait_end_of_query=1`, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, Connection: 'close' },
  });
  return (await response.text()).trim();
}

async function insert(table: 'events' | 'metric_samples' | 'rejections', rows: readonly object[]) {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const outcome = await admin.insertLines(table, [Buffer.from(lines)], { token: randomUUID() });
  expect(outcome).toMatchObject({ kind: 'ok' });
}

async function fill(project: string, count: number): Promise<void> {
  const times = { occurred_at: AT, received_at: AT, expires_at: KEPT_UNTIL };
  const installations = Array.from({ length: count }, (_, index) => ({
    project,
    event_id: randomUUID(),
    installation: `${project} ${index}`,
    ...times,
  }));
  await insert(
    'events',
    installations.map((row) => ({ ...row, app_version: 'v1', event: 'x', properties: {} })),
  );
  await insert(
    'metric_samples',
    installations.map((row) => ({ ...row, sample_index: 0, name: 'm', labels: {}, value: 1 })),
  );
}

async function start(): Promise<void> {
  const [httpPort = 0, tcpPort = 0] = await freePorts(2);
  server = await startClickHouse({ dataDir, httpPort, tcpPort });
  const { user, password } = server.credentials.clickhouse.admin;
  admin = createClickHouse({ url: server.url, username: user, password });
}

async function stop(): Promise<void> {
  await admin.close();
  await server.stop();
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rollcall-analysts-'));
  await start();
  await migrate(admin, { log: silent });
  await fill('kusk', 2);
  await fill('kamaji', 3);
  const refusal = { stage: 'gateway', code: 'X', at: '2026-11-02 12:00:00', count: 1, index: -1 };
  const place = { topic: '', partition: -1, offset: -1 };
  await insert(
    'rejections',
    ['', 'kusk', 'kamaji'].map((project) => ({
      project,
      rejection_id: randomUUID(),
      ...refusal,
      ...place,
    })),
  );
  await rollcall('analyst', 'add', 'kusk');
  await rollcall('analyst', 'add', 'kamaji');
  await stop();
  await start();
  const { analysts = {} } = server.credentials.clickhouse;
  kusk = analysts['kusk'] as Login;
  kamaji = analysts['kamaji'] as Login;
  await refreshRollups(admin);
});

afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('rollcall analyst', () => {
  it('writes the login where only the owner reads it, and prints no password', async () => {
    const file = join(dataDir, 'credentials.json');
    const said = await rollcall('analyst', 'add', 'sveltos');
    const { clickhouse } = JSON.parse(
      readFileSync(file, 'utf8'),
    ) as ClickHouseServer['credentials'];
    expect(clickhouse.analysts?.['sveltos']?.password).toHaveLength(32);
    expect(said).toContain('restart');
    expect(said).not.toContain(clickhouse.analysts?.['sveltos']?.password);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await rollcall('analyst', 'list')).toBe('kamaji\nkusk\nsveltos\n');
    expect(await rollcall('analyst', 'remove', 'sveltos')).toContain('no longer');
    expect(await rollcall('analyst', 'list')).toBe('kamaji\nkusk\n');
    expect(clickhouse.admin).toEqual(server.credentials.clickhouse.admin);
  });

  it('knows the projects', async () => {
    await expect(rollcall('analyst', 'add', 'nobody')).rejects.toThrow('GW_PROJECT_UNKNOWN');
  });
});

describe('the analyst of a project', () => {
  it('has a row policy on every table and view that has projects', async () => {
    const having = await ask(
      server.credentials.clickhouse.admin,
      `SELECT DISTINCT name FROM system.tables JOIN system.columns AS c ON c.table = name AND c.database = database
       WHERE database = 'rollcall' AND c.name = 'project' AND engine != 'MaterializedView' AND NOT startsWith(name, '.')
         AND name NOT IN ('erasure_orders', 'erasures', 'tombstones') ORDER BY name`,
    );
    const guarded = await ask(
      server.credentials.clickhouse.admin,
      `SELECT DISTINCT table FROM system.row_policies WHERE database = 'rollcall' AND has(apply_to_list, 'analyst_kusk') ORDER BY table`,
    );
    expect(guarded.split('\n').length).toBeGreaterThanOrEqual(7);
    expect(guarded).toBe(having);
    const granted = await ask(
      server.credentials.clickhouse.admin,
      `SELECT DISTINCT table FROM system.grants WHERE user_name = 'analyst_kusk' ORDER BY table`,
    );
    expect(granted).toBe(having);
  });

  it('sees its own project alone, in every table and view', async () => {
    for (const relation of analystAccess('kusk').relations) {
      const sql = `SELECT DISTINCT project FROM rollcall.${relation}`;
      expect(await ask(kusk, sql)).toMatch(/^(kusk)?$/);
      expect(await ask(kamaji, sql)).toMatch(/^(kamaji)?$/);
    }
    expect(await ask(kusk, 'SELECT count(), sum(count) FROM rollcall.rejections')).toBe('1\t1');
    expect(await ask(kusk, 'SELECT received FROM rollcall.ladder')).toBe('2');
    expect(await ask(kamaji, 'SELECT received FROM rollcall.ladder')).toBe('3');
  });

  it('leaves the others, who have no policy, all rows', async () => {
    const { admin: operator, analyst } = server.credentials.clickhouse;
    for (const login of [operator, analyst])
      expect(await ask(login, 'SELECT count() FROM rollcall.events')).toBe('5');
  });

  it.each([
    `SELECT DISTINCT project FROM merge('rollcall', '^events$')`,
    `SELECT DISTINCT project FROM view(SELECT * FROM rollcall.events)`,
    `SELECT DISTINCT project FROM rollcall.events WHERE throwIf(project = 'kamaji') = 0`,
    `SELECT DISTINCT project FROM rollcall.events PREWHERE throwIf(project = 'kamaji') = 0`,
    `SELECT DISTINCT project FROM rollcall.installations WHERE throwIf(project = 'kamaji') = 0`,
    `SELECT DISTINCT project FROM rollcall.events AS a JOIN rollcall.daily_active AS b USING project`,
    `SELECT 'kusk' FROM rollcall.events WHERE project = 'kamaji' UNION ALL SELECT 'kusk'`,
  ])('sees no other by any detour: %s', async (sql) => {
    expect(await ask(kusk, sql)).toBe('kusk');
  });

  it.each([
    `mergeTreeIndex('rollcall', 'events')`,
    `mergeTreeIndex('rollcall', 'events') AS other_name`,
    `mergeTreeIndex('rollcall', 'metric_samples', with_marks = 1)`,
    `mergeTreeAnalyzeIndexes('rollcall', 'events')`,
  ])('reads nothing from the index of a table, which holds keys of all: %s', async (source) => {
    expect(await ask(kusk, `SELECT * FROM ${source}`)).toMatch(/^$|ACCESS_DENIED/);
    const inside = await ask(kusk, `SELECT count() FROM (SELECT * FROM ${source})`);
    expect(inside).toMatch(/^0$|ACCESS_DENIED/);
  });

  it('has a filter on every function of that kind that a reader may use', async () => {
    const functions = await ask(
      server.credentials.clickhouse.admin,
      `SELECT name FROM system.table_functions WHERE allow_readonly AND name LIKE 'mergeTree%' ORDER BY name`,
    );
    expect(functions).toContain('mergeTreeIndex');
    for (const name of functions.split('\n'))
      expect(ANALYST_LIMITS['additional_table_filters']?.value).toContain(`.${name}':'0'`);
    const uuid = await ask(kusk, `SELECT uuid FROM system.tables WHERE name = 'events'`);
    expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ask(kusk, `SELECT * FROM mergeTreeAnalyzeIndexesUUID('${uuid}')`)).toBe('');
  });

  it.each([
    'parts',
    'parts_columns',
    'query_log',
    'processes',
    'users',
    'row_policies',
    'quotas',
    'grants',
    'settings_profiles',
    'settings_profile_elements',
    'errors',
    'mutations',
    'text_log',
    'user_directories',
    'server_settings',
    'dictionaries',
    'named_collections',
  ])('does not see system.%s', async (table) => {
    expect(await ask(kusk, `SELECT * FROM system.${table}`)).toMatch(/ACCESS_DENIED|UNKNOWN_TABLE/);
  });

  it.each([
    ['the migrations', 'SELECT * FROM rollcall.schema_migrations'],
    ['who was erased', 'SELECT * FROM rollcall.tombstones'],
    ['orders of erasure', 'SELECT * FROM rollcall.erasure_orders'],
    ['receipts', 'SELECT * FROM rollcall.erasures'],
    ['other users', 'SHOW USERS'],
    ['another’s rights', 'SHOW GRANTS FOR analyst_kamaji'],
    ['row policies', 'SHOW CREATE ROW POLICY ON rollcall.events'],
    ['queries of others', 'SHOW PROCESSLIST'],
    ['files', `SELECT * FROM file('/etc/passwd', 'LineAsString')`],
    ['folders', `SELECT * FROM filesystem('/etc')`],
    ['files by name', 'SELECT * FROM default.`/etc/passwd`'],
    ['files of SQLite', `SELECT * FROM sqlite('/etc/passwd', 'x')`],
    ['other hosts', `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`],
    ['buckets', `SELECT * FROM s3('http://127.0.0.1:1/bucket/x', 'TSV')`],
    ['other servers', `SELECT * FROM remote('127.0.0.1', rollcall.events)`],
    ['databases', `SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')`],
    ['programs', `SELECT * FROM executable('x', 'TSV', 'a String')`],
    ['dictionaries', `SELECT * FROM dictionary('x')`],
    ['temporary tables', 'CREATE TEMPORARY TABLE x (a Int8)'],
    ['insertion', `INSERT INTO rollcall.events (project) VALUES ('kusk')`],
    ['deletion', 'DELETE FROM rollcall.events WHERE 1'],
    ['backups', `BACKUP TABLE rollcall.events TO File('x')`],
    ['killing', 'KILL QUERY WHERE 1'],
  ])('has no way to %s', async (_what, sql) => {
    expect(await ask(kusk, sql)).toMatch(/ACCESS_DENIED|READONLY|filesystem_error/);
  });

  it.each([
    'SET readonly = 0',
    'SELECT 1 SETTINGS readonly = 0',
    'SELECT 1 SETTINGS max_execution_time = 31',
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT 1 SETTINGS max_memory_usage = 0',
    'SELECT 1 SETTINGS max_memory_usage_for_user = 0',
    'SELECT 1 SETTINGS max_result_rows = 0',
    'SELECT 1 SETTINGS max_result_bytes = 0',
    `SELECT 1 SETTINGS result_overflow_mode = 'break'`,
    'SELECT 1 SETTINGS max_concurrent_queries_for_user = 0',
    'SELECT 1 SETTINGS additional_table_filters = {}',
    'SELECT 1 SETTINGS enable_analyzer = 0',
    'SELECT 1 SETTINGS allow_experimental_analyzer = 0',
  ])('cannot lift its limits: %s', async (sql) => {
    expect(await ask(kusk, sql)).toMatch(/SETTING_CONSTRAINT_VIOLATION|READONLY/);
  });

  it('is stopped by them', async () => {
    expect(await ask(kusk, 'SELECT number FROM numbers(1100000)')).toContain(
      'TOO_MANY_ROWS_OR_BYTES',
    );
    const long = 'SELECT count() FROM numbers(100000000000) SETTINGS max_execution_time = 1';
    expect(await ask(kusk, long)).toContain('TIMEOUT_EXCEEDED');
  });
});

const COUNTS = 'SELECT project, count() AS events FROM rollcall.events GROUP BY project';
const python = await run('python3', ['-c', 'import clickhouse_connect']).catch(() => undefined);

describe('another client', () => {
  it('sees the same: @clickhouse/client', async () => {
    const client = createClickHouse({
      url: server.url,
      username: kusk.user,
      password: kusk.password,
    });
    expect(await client.rows(COUNTS)).toEqual([{ project: 'kusk', events: 2 }]);
    await expect(client.rows('SELECT * FROM system.users')).rejects.toMatchObject({
      code: 'CH_DENIED',
    });
    await client.close();
  });

  it('sees the same: curl', async () => {
    // the password by a file of standard input, not by an argument that everybody on the machine can read
    const asked = run('curl', ['--silent', '--config', '-', server.url, '--data-binary', COUNTS]);
    asked.child.stdin?.end(`user = "${kusk.user}:${kusk.password}"\n`);
    expect((await asked).stdout).toBe('kusk\t2\n');
  });

  it.skipIf(python === undefined)(
    python === undefined
      ? 'skipped, python3 has no clickhouse-connect here: sees the same'
      : 'sees the same: clickhouse-connect',
    async () => {
      const asked = run('python3', ['-c', CONNECT, new URL(server.url).port, COUNTS]);
      asked.child.stdin?.end(`${kusk.user}\n${kusk.password}\n`);
      expect((await asked).stdout.split('\n')).toEqual([`[('kusk', 2)]`, 'refused', '']);
    },
  );
});

/** Arguments: port and query. Standard input: user and password. */
const CONNECT = `
import sys, clickhouse_connect
user, password = sys.stdin.read().split()
client = clickhouse_connect.get_client(host='127.0.0.1', port=int(sys.argv[1]), username=user, password=password)
print(client.query(sys.argv[2]).result_rows)
try:
    client.query('SELECT * FROM system.users')
except clickhouse_connect.driver.exceptions.DatabaseError:
    print('refused')
`;

describe('the function file()', () => {
  it('reads nothing, for nobody: not the password of the administrator either', async () => {
    const nobody = { user: 'default', password: '' };
    const { admin: operator, analyst } = server.credentials.clickhouse;
    for (const login of [kusk, analyst, operator, nobody])
      for (const path of ['/etc/passwd', join(dataDir, 'credentials.json'), 'config.xml'])
        expect(await ask(login, `SELECT file('${path}')`)).toMatch(/filesystem_error/);
  });
});
