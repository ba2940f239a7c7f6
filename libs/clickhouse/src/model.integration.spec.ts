import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { INSTALLATION_TABLES } from './installation-tables.ts';
import { migrate } from './migrate.ts';

const VIEWS = [
  'installations',
  'daily_active',
  'versions_daily',
  'features_daily',
  'retention_weekly',
  'ladder',
  'opt_outs_daily',
] as const;

/** 2 November 2026 is a Monday. */
function row(installation: string, date: string, version: string, fields = {}): object {
  const at = `2026-${date} 12:00:00.000`;
  return {
    project: 'kusk',
    event: 'used',
    event_id: randomUUID(),
    installation,
    app_version: version,
    occurred_at: at,
    client_occurred_at: at,
    received_at: at,
    expires_at: '2036-01-01 00:00:00',
    properties: {},
    ...fields,
  };
}

const ROWS = [
  row('good', '11-02', '1.0'),
  row('good', '11-02', '1.0', { event: 'created' }),
  row('good', '11-09', '1.1'),
  row('once', '11-03', '1.0'),
  row('ci', '11-03', '1.0', { is_ci: 1, is_dev: 1 }),
  row('ci', '11-04', '1.0'),
  row('dev', '11-09', 'dev', { is_dev: 1 }),
  row('dev', '11-24', 'dev', { is_dev: 1 }),
  row('fork', '11-02', '1.0+x', { is_fork: 1 }),
  row('fork', '11-09', '1.0+x', { is_fork: 1 }),
  row('blank', '11-02', ''),
  row('', '11-02', '', { event: '$opt_out' }),
];

const owned: ClickHouse[] = [];

async function database(rows: readonly object[]): Promise<ClickHouse> {
  const { url, admin } = testServers().clickhouse;
  const name = uniqueName('model').replaceAll('-', '_');
  const client = createClickHouse({
    url,
    username: admin.user,
    password: admin.password,
    database: name,
  });
  owned.push(client);
  await migrate(client, { log: silentLog });
  await store(client, rows);
  return client;
}

async function store(client: ClickHouse, rows: readonly object[], token: string = randomUUID()) {
  const lines = [Buffer.from(rows.map((line) => `${JSON.stringify(line)}\n`).join(''))];
  expect(await client.insertLines('events', lines, { token })).toMatchObject({ kind: 'ok' });
}

async function answers(client: ClickHouse): Promise<Record<string, unknown[]>> {
  const entries = VIEWS.map(
    async (view) =>
      [view, await client.rows(`SELECT * FROM ${client.database}.${view} ORDER BY ALL`)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

let model: ClickHouse;
beforeAll(async () => {
  model = await database(ROWS);
});
afterAll(async () => {
  for (const client of owned) {
    await client.command(`DROP DATABASE IF EXISTS ${client.database}`);
    await client.close();
  }
});

describe('the derived model', () => {
  it('tells what was worked out by hand', async () => {
    const found = await answers(model);
    expect(found['ladder']).toEqual([
      {
        project: 'kusk',
        received: 6,
        plausible: 5,
        confirmed: 4,
        qualified: 1,
        removed_ci: 1,
        removed_dev: 1,
        removed_fork: 1,
      },
    ]);
    const cell = (cohort: string, week: number, installations: number) => ({
      project: 'kusk',
      cohort,
      week,
      installations,
    });
    expect(found['retention_weekly']).toEqual([
      cell('2026-11-02', 0, 5),
      cell('2026-11-02', 1, 2),
      cell('2026-11-09', 0, 1),
      cell('2026-11-09', 2, 1),
    ]);
    const day = (date: string, installations: number, events: number) => ({
      project: 'kusk',
      day: `2026-11-${date}`,
      installations,
      events,
    });
    expect(found['daily_active']).toEqual([
      day('02', 3, 5),
      day('03', 2, 2),
      day('04', 1, 1),
      day('09', 3, 3),
      day('24', 1, 1),
    ]);
    expect(found['features_daily']).toContainEqual({ ...day('02', 3, 3), event: 'used' });
    expect(found['features_daily']).toContainEqual({ ...day('02', 1, 1), event: 'created' });
    expect(found['versions_daily']).toContainEqual({ ...day('02', 1, 2), app_version: '1.0' });
    expect(found['opt_outs_daily']).toEqual([{ project: 'kusk', day: '2026-11-02', opt_outs: 1 }]);
  });

  it('tells the same after replays, retries in a later month and merges', async () => {
    const before = await answers(model);
    const token = randomUUID();
    await store(model, ROWS, token);
    await store(model, ROWS, token);
    await store(
      model,
      ROWS.map((line) => ({ ...line, received_at: '2026-12-01 12:00:00.000' })),
    );
    for (const line of ROWS.slice(0, 3)) await store(model, [line]);
    expect(await answers(model)).toEqual(before);
    for (const table of INSTALLATION_TABLES)
      await model.command(`OPTIMIZE TABLE ${model.database}.${table} FINAL`);
    expect(await answers(model)).toEqual(before);
  });

  it.each(['good', 'ci', 'blank'])('forgets %s as if it had never been', async (installation) => {
    const erased = await database(ROWS);
    for (const table of INSTALLATION_TABLES)
      await erased.command(
        `DELETE FROM ${erased.database}.${table} WHERE project = 'kusk' AND installation = '${installation}'`,
      );
    const never = await database(
      ROWS.filter((line) => (line as { installation: string }).installation !== installation),
    );
    expect(await answers(erased)).toEqual(await answers(never));
  });

  it('is filled again from events without a change, as when a migration is repeated', async () => {
    const before = await answers(model);
    await model.command(`DELETE FROM ${model.database}.schema_migrations WHERE number >= 5`);
    await migrate(model, { log: silentLog });
    expect(await answers(model)).toEqual(before);
  });
});
