import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServers, uniqueName } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { ROLLUPS, refreshRollups } from './rollups.ts';

const project = uniqueName('views');
let admin: ClickHouse;

function event(installation: string, day: number, version: string, fields = {}): object {
  const at = `2026-11-${String(day).padStart(2, '0')} 12:00:00.000`;
  return {
    project,
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

async function view(name: string, columns: string): Promise<unknown[]> {
  return admin.rows(
    `SELECT ${columns} FROM rollcall.${name} WHERE project = {project:String} ORDER BY ALL`,
    { project },
  );
}

beforeAll(async () => {
  const { url, admin: login } = testServers().clickhouse;
  admin = createClickHouse({ url, username: login.user, password: login.password });
  const rows = [
    event('a', 1, '1.0'),
    event('a', 1, '1.0'),
    event('a', 2, '1.1'),
    event('b', 2, '1.0'),
    // no version told; its latest known one stays
    event('b', 3, ''),
    // a clock outside the skew
    event('c', 3, '1.1', { client_occurred_at: '1999-01-01 00:00:00.000' }),
    event('', 3, '1.1'),
  ];
  const lines = [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))];
  // the same rows twice, as after a crash between insert and commit
  for (const token of [randomUUID(), randomUUID()])
    expect(await admin.insertLines('events', lines, { token })).toMatchObject({ kind: 'ok' });
  await refreshRollups(admin);
});
afterAll(() => admin.close());

describe('with every row stored twice', () => {
  it('installations are seen on the days they were seen', async () => {
    expect(await view('installations', 'installation, days_seen, events, app_version')).toEqual([
      { installation: 'a', days_seen: 2, events: 3, app_version: '1.1' },
      { installation: 'b', days_seen: 2, events: 2, app_version: '1.0' },
      { installation: 'c', days_seen: 1, events: 1, app_version: '1.1' },
    ]);
  });

  it('days count installations once and events once', async () => {
    expect(await view('daily_active', 'day, installations, events')).toEqual([
      { day: '2026-11-01', installations: 1, events: 2 },
      { day: '2026-11-02', installations: 2, events: 2 },
      { day: '2026-11-03', installations: 2, events: 3 },
    ]);
  });

  it('versions count the installations that reported them', async () => {
    expect(await view('versions_daily', 'day, app_version, installations')).toEqual([
      { day: '2026-11-01', app_version: '1.0', installations: 1 },
      { day: '2026-11-02', app_version: '1.0', installations: 1 },
      { day: '2026-11-02', app_version: '1.1', installations: 1 },
      { day: '2026-11-03', app_version: '', installations: 1 },
      { day: '2026-11-03', app_version: '1.1', installations: 1 },
    ]);
  });

  it('each step of the ladder is a part of the one before', async () => {
    expect(await view('ladder', 'received, plausible, confirmed')).toEqual([
      { received: 3, plausible: 2, confirmed: 2 },
    ]);
  });
});

describe('the counts of a round', () => {
  it('are a chain in the order of ROLLUPS: one at a time, also when the server starts again', async () => {
    const views = await admin.rows<{ name: string; create_table_query: string }>(
      "SELECT name, create_table_query FROM system.tables WHERE database = 'rollcall' AND endsWith(name, '_fill')",
    );
    const before = new Map(
      views.flatMap(({ name, create_table_query }) => {
        const [, refresh] = /REFRESH AFTER (.+?) TO /.exec(create_table_query) ?? [];
        return refresh === undefined ? [] : [[name, refresh] as const];
      }),
    );
    const chain = ['counting_rounds', ...ROLLUPS].map((table) => `${table}_fill`);
    const expected = chain.map((name, index) => {
      const previous = chain[index - 1];
      return [
        name,
        previous === undefined ? '50 SECOND' : `1 SECOND DEPENDS ON rollcall.${previous}`,
      ];
    });
    expect(Object.fromEntries(before)).toEqual(Object.fromEntries(expected));
  });
});
