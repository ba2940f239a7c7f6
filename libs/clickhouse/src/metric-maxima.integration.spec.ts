import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { INSTALLATION_TABLES } from './installation-tables.ts';
import { migrate } from './migrate.ts';

const SHIPPED = join(import.meta.dirname, '../migrations');

interface Sample {
  readonly installation: string;
  readonly [column: string]: unknown;
}

type Told = readonly [name: string, labels: object, value: number, pushed?: number];

/** One push; `date` is `MM-DD` of 2026, and retention ends at noon of that day in 2036. */
function push(installation: string, date: string, ...told: readonly Told[]): readonly Sample[] {
  const at = `2026-${date} 12:00:00.000`;
  const common = {
    ...{ project: 'cozystack', event_id: randomUUID(), installation },
    ...{ occurred_at: at, received_at: at, expires_at: `2036-${date} 12:00:00` },
  };
  return told.map(([name, labels, value, pushed = value], sample_index) => ({
    ...{ ...common, sample_index, name, labels, value, pushed },
  }));
}

const ROWS = [
  // two systems that are both “other”: 5, though no line says so
  ...push('a', '11-02', ['nodes', { os: 'other' }, 2, 5], ['nodes', { os: 'other' }, 3, 5]),
  ...push('a', '11-02', ['nodes', { os: 'other' }, 4]),
  ...push('a', '11-09', ['nodes', { os: 'other' }, 1], ['nodes', { os: 'linux', kernel: 'k' }, 1]),
  // the same labels in another order
  ...push('a', '11-10', ['nodes', { kernel: 'k', os: 'linux' }, 6]),
  ...push('a', '12-01', ['nodes', { os: 'other' }, 9]),
  ...push('b', '11-02', ['degrees', {}, -5], ['nodes', { os: 'other' }, 0]),
  ...push('b', '11-02', ['degrees', {}, -3, -4], ['degrees', {}, -1, -4]),
  ...push('', '11-02', ['nodes', { os: 'other' }, 7]),
];

const owned: ClickHouse[] = [];
const directories: string[] = [];

function connect(): ClickHouse {
  const { url, admin } = testServers().clickhouse;
  const database = uniqueName('maxima').replaceAll('-', '_');
  const login = { url, username: admin.user, password: admin.password };
  const client = createClickHouse({ ...login, database });
  owned.push(client);
  return client;
}

async function database(rows: readonly object[]): Promise<ClickHouse> {
  const client = connect();
  await migrate(client, { log: silentLog });
  await store(client, rows);
  return client;
}

async function store(client: ClickHouse, rows: readonly object[], token: string = randomUUID()) {
  const lines = [Buffer.from(rows.map((line) => `${JSON.stringify(line)}\n`).join(''))];
  const outcome = await client.insertLines('metric_samples', lines, { token });
  expect(outcome).toMatchObject({ kind: 'ok' });
}

const PERIODS = {
  day: { table: 'metric_days', of: 'toDate(occurred_at)' },
  month: { table: 'metric_months', of: 'toStartOfMonth(occurred_at)' },
} as const;
type Period = keyof typeof PERIODS;

const inOrder = (column: Period): string =>
  `ORDER BY project, name, ${column}, installation, toString(labels)`;

function held(client: ClickHouse, period: Period): Promise<unknown[]> {
  return client.rows(
    `SELECT project, name, ${period}, installation, labels, max(m.highest) AS highest
     FROM ${client.database}.${PERIODS[period].table} AS m
     GROUP BY project, name, ${period}, installation, labels ${inOrder(period)}`,
  );
}

/** The same as worked out from the raw table, where every push is whole. */
function reckoned(client: ClickHouse, period: Period): Promise<unknown[]> {
  return client.rows(
    `SELECT project, name, ${period}, installation, labels, max(total) AS highest
     FROM (SELECT project, name, ${PERIODS[period].of} AS ${period}, installation, mapSort(s.labels) AS labels, sum(value) AS total
           FROM ${client.database}.metric_samples AS s FINAL WHERE installation != ''
           GROUP BY project, name, event_id, ${period}, installation, labels)
     GROUP BY project, name, ${period}, installation, labels ${inOrder(period)}`,
  );
}

async function all(client: ClickHouse): Promise<Record<Period, unknown[]>> {
  return { day: await held(client, 'day'), month: await held(client, 'month') };
}

async function raw(client: ClickHouse): Promise<Record<Period, unknown[]>> {
  return { day: await reckoned(client, 'day'), month: await reckoned(client, 'month') };
}

let maxima: ClickHouse;
beforeAll(async () => {
  maxima = await database(ROWS);
});
afterAll(async () => {
  for (const client of owned) {
    await client.command(`DROP DATABASE IF EXISTS ${client.database}`);
    await client.close();
  }
  for (const directory of directories) rmSync(directory, { recursive: true });
});

describe('the highest values', () => {
  it('by month are what was worked out by hand', async () => {
    const row = (name: string, month: string, installation: string, labels: object) => ({
      ...{ project: 'cozystack', name, month: `2026-${month}-01`, installation, labels },
    });
    expect(await held(maxima, 'month')).toEqual([
      { ...row('degrees', '11', 'b', {}), highest: -4 },
      { ...row('nodes', '11', 'a', { kernel: 'k', os: 'linux' }), highest: 6 },
      { ...row('nodes', '11', 'a', { os: 'other' }), highest: 5 },
      { ...row('nodes', '11', 'b', { os: 'other' }), highest: 0 },
      { ...row('nodes', '12', 'a', { os: 'other' }), highest: 9 },
    ]);
  });

  it('are those of the raw table', async () => {
    expect(await all(maxima)).toEqual(await raw(maxima));
  });

  it('stay the same when rows come again, also as parts of a push, and after merges', async () => {
    const before = await all(maxima);
    const token = randomUUID();
    await store(maxima, ROWS, token);
    await store(maxima, ROWS, token);
    // a push and its retry in one insert
    await store(maxima, [...ROWS, ...ROWS]);
    // as where an insert is halved, or a single line is replayed
    for (const line of ROWS) await store(maxima, [line]);
    expect(await all(maxima)).toEqual(before);
    for (const table of INSTALLATION_TABLES)
      await maxima.command(`OPTIMIZE TABLE ${maxima.database}.${table} FINAL`);
    expect(await all(maxima)).toEqual(before);
  });

  it('are whole when no insert ever held a whole push', async () => {
    const parts = await database([]);
    for (const line of ROWS.toReversed()) await store(parts, [line]);
    expect(await all(parts)).toEqual(await all(maxima));
  });

  it('of a day expire with its last push, of a month with its first', async () => {
    const first = push('a', '11-02', ['nodes', {}, 1]);
    const last = push('a', '11-02', ['nodes', {}, 2]);
    const longer = { expires_at: '2036-11-30 12:00:00' };
    const client = await database([...first, ...last.map((row) => ({ ...row, ...longer }))]);
    const ends = (table: string): Promise<unknown[]> =>
      client.rows(`SELECT toString(expires_at) AS at FROM ${client.database}.${table} FINAL`);
    expect(await ends('metric_days')).toEqual([{ at: '2036-11-30 12:00:00' }]);
    expect(await ends('metric_months')).toEqual([{ at: '2036-11-02 12:00:00' }]);
  });

  it.each(['a', 'b'])('forget %s as if it had never been', async (installation) => {
    const erased = await database(ROWS);
    for (const table of INSTALLATION_TABLES)
      await erased.command(
        `DELETE FROM ${erased.database}.${table} WHERE project = 'cozystack' AND installation = '${installation}'`,
      );
    const never = await database(ROWS.filter((row) => row.installation !== installation));
    expect(await all(erased)).toEqual(await all(never));
    expect(await all(erased)).not.toEqual(await all(maxima));
  });
});

describe('the migration', () => {
  it('finds what is stored already, without a sum on it, and may be repeated', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'migrations-'));
    directories.push(directory);
    const ship = (isShipped: (name: string) => boolean): void => {
      for (const file of readdirSync(SHIPPED).filter(isShipped))
        cpSync(join(SHIPPED, file), join(directory, file));
    };
    const client = connect();
    ship((name) => name < '0010');
    await migrate(client, { log: silentLog, directory });
    const unsummed = ROWS.map(({ pushed: _, ...row }) => row);
    await store(client, unsummed);
    // a retry in a later month, so that it lies in another partition
    const again = { received_at: '2026-12-20 12:00:00.000' };
    await store(
      client,
      unsummed.map((row) => ({ ...row, ...again })),
    );
    ship((name) => name.startsWith('0010'));
    expect(await migrate(client, { log: silentLog, directory })).toEqual([10]);
    expect(await all(client)).toEqual(await all(maxima));
    await client.command(`DELETE FROM ${client.database}.schema_migrations WHERE number = 10`);
    expect(await migrate(client, { log: silentLog, directory })).toEqual([10]);
    expect(await all(client)).toEqual(await all(maxima));
  });
});
