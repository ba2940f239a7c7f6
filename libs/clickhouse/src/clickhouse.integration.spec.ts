import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServers, uniqueName } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { SERVER_CODES } from './server-codes.table.ts';

const project = uniqueName('clickhouse');
let admin: ClickHouse;
let sink: ClickHouse;

beforeAll(() => {
  const { url, ...users } = testServers().clickhouse;
  const login = ({ user, password }: { user: string; password: string }): ClickHouse =>
    createClickHouse({ url, username: user, password });
  admin = login(users.admin);
  sink = login(users.sink);
});
afterAll(async () => {
  await Promise.all([admin.close(), sink.close()]);
});

function row(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    project,
    dialect: 'native',
    event: 'started',
    event_id: randomUUID(),
    received_at: '2026-11-21 01:02:03.004',
    occurred_at: '2026-11-21 01:02:03.004',
    client_occurred_at: null,
    expires_at: '2036-11-21 01:02:03',
    properties: {},
    raw_offset: '1',
    ...fields,
  };
}

function lines(...rows: readonly Record<string, unknown>[]): Buffer[] {
  return [Buffer.from(rows.map((each) => `${JSON.stringify(each)}\n`).join(''))];
}

async function stored(event: string): Promise<{ plain: number; final: number }> {
  const [counts] = await admin.rows<{ plain: number; final: number }>(
    `SELECT (SELECT count() FROM rollcall.events WHERE project = {project:String} AND event = {event:String}) AS plain,
       (SELECT count() FROM rollcall.events FINAL WHERE project = {project:String} AND event = {event:String}) AS final`,
    { project, event },
  );
  return counts ?? { plain: 0, final: 0 };
}

/** Stores one event and gives back its properties. */
async function propertiesOf(properties: unknown): Promise<unknown> {
  const event_id = randomUUID();
  const outcome = await sink.insertLines('events', lines(row({ event_id, properties })), {
    token: randomUUID(),
  });
  expect(outcome).toMatchObject({ kind: 'ok' });
  const [found] = await admin.rows<{ properties: unknown }>(
    'SELECT properties FROM rollcall.events WHERE event_id = {event_id:UUID}',
    { event_id },
  );
  return found?.properties;
}

describe('an insert', () => {
  it('under the same token three times is stored once', async () => {
    const rows = lines(row({ event: 'thrice' }), row({ event: 'thrice' }));
    const token = randomUUID();
    for (let i = 0; i < 3; i += 1)
      expect(await sink.insertLines('events', rows, { token })).toEqual({
        kind: 'ok',
        rowCount: 2,
      });
    expect(await stored('thrice')).toEqual({ plain: 2, final: 2 });
  });

  it('is recognised by its token also when its rows fall into two partitions', async () => {
    const rows = lines(
      row({ event: 'months', received_at: '2026-10-31 23:59:59.999' }),
      row({ event: 'months', received_at: '2026-11-01 00:00:00.000' }),
    );
    const token = randomUUID();
    await sink.insertLines('events', rows, { token });
    await sink.insertLines('events', rows, { token });
    expect(await stored('months')).toEqual({ plain: 2, final: 2 });
  });

  it('under the same token counts once in a view that adds up', async () => {
    const view = uniqueName('sums').replaceAll('-', '_');
    await admin.command(
      `CREATE TABLE rollcall.${view}_rows (event String, n UInt64) ENGINE = SummingMergeTree ORDER BY event
       SETTINGS non_replicated_deduplication_window = 100`,
    );
    await admin.command(
      `CREATE MATERIALIZED VIEW rollcall.${view} TO rollcall.${view}_rows AS
       SELECT event, count() AS n FROM rollcall.events WHERE event = '${view}' GROUP BY event`,
    );
    try {
      const token = randomUUID();
      const rows = lines(row({ event: view }), row({ event: view }));
      for (let i = 0; i < 3; i += 1) await admin.insertLines('events', rows, { token });
      expect(await admin.rows(`SELECT sum(n) AS n FROM rollcall.${view}_rows`)).toEqual([{ n: 2 }]);
    } finally {
      await admin.command(`DROP VIEW rollcall.${view}`);
      await admin.command(`DROP TABLE rollcall.${view}_rows`);
    }
  });

  it('is still recognised after two hundred others', async () => {
    const token = randomUUID();
    await sink.insertLines('events', lines(row({ event: 'window' })), { token });
    for (let i = 0; i < 200; i += 1)
      await sink.insertLines('events', lines(row({ event: 'between' })), { token: `${token}${i}` });
    await sink.insertLines('events', lines(row({ event: 'window' })), { token });
    expect(await stored('window')).toEqual({ plain: 1, final: 1 });
  });

  it('of the same event under another token counts once with FINAL, also from another month', async () => {
    const event_id = randomUUID();
    for (const received_at of ['2026-10-01 00:00:00.000', '2026-11-01 00:00:00.000'])
      await sink.insertLines('events', lines(row({ event: 'retry', event_id, received_at })), {
        token: randomUUID(),
      });
    expect(await stored('retry')).toEqual({ plain: 2, final: 1 });
  });

  it('of more rows than the server’s own block size is one block', async () => {
    const chunks = Array.from({ length: 60 }, (_, n) => {
      const offsets = Array.from({ length: 20_000 }, (__, i) => n * 20_000 + i);
      const text = offsets.map(
        (offset) => `{"code":"X","at":"2037-01-01 00:00:00","offset":${offset}}\n`,
      );
      return Buffer.from(text.join(''));
    });
    expect(await sink.insertLines('rejections', chunks, { token: randomUUID() })).toEqual({
      kind: 'ok',
      rowCount: 1_200_000,
    });
    // a part that was merged from two blocks would span two numbers
    const parts = await admin.rows(
      `SELECT rows, max_block_number - min_block_number AS merged FROM system.parts
       WHERE database = 'rollcall' AND table = 'rejections' AND partition = '203701' AND active`,
    );
    expect(parts).toEqual([{ rows: 1_200_000, merged: 0 }]);
    await admin.command("ALTER TABLE rollcall.rejections DROP PARTITION '203701'");
  });

  it('is all or nothing', async () => {
    const rows = lines(row({ event: 'atomic' }), row({ event: 'atomic', event_id: 'not a uuid' }));
    expect(await sink.insertLines('events', rows, { token: randomUUID() })).toMatchObject({
      kind: 'dead_letter',
      code: 'CH_REFUSED',
    });
    expect(await stored('atomic')).toEqual({ plain: 0, final: 0 });
  });

  it('answers a large refused body as quickly and clearly as a small one', async () => {
    const rest = Buffer.from(`${JSON.stringify(row())}\n`.repeat(20_000));
    for (let i = 0; i < 5; i += 1)
      expect(
        await sink.insertLines('events', [Buffer.from('no json\n'), rest], { token: randomUUID() }),
      ).toEqual({ kind: 'dead_letter', code: 'CH_REFUSED', vendorCode: '27' });
  });
});

describe('a row', () => {
  it.each([
    ['without a project', { project: '' }],
    ['without an id', { event_id: undefined }],
    ['without retention', { expires_at: undefined }],
    ['without a time of receipt', { received_at: undefined }],
    ['with a field that no column takes', { nickname: 'x' }],
    ['whose properties are no object', { properties: 'text' }],
    ['with a time that is none', { received_at: '2026-13-41 99:99:99.000' }],
    ['with a negative offset', { raw_offset: '-1' }],
  ])('%s is refused', async (_, fields) => {
    const outcome = await sink.insertLines('events', lines(row(fields)), { token: randomUUID() });
    expect(outcome).toMatchObject({ kind: 'dead_letter', code: 'CH_REFUSED' });
  });

  it('nested a million deep is refused, and the server lives', async () => {
    const deep = JSON.stringify(row()).replace(
      '"properties":{}',
      `"properties":${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`,
    );
    const outcome = await sink.insertLines('events', [Buffer.from(`${deep}\n`)], {
      token: randomUUID(),
    });
    expect(outcome).toMatchObject({ kind: 'dead_letter', code: 'CH_REFUSED' });
    expect(await sink.ping()).toMatchObject({ kind: 'ok' });
  });

  it('keeps 64-bit offsets and instants to the millisecond', async () => {
    const event_id = randomUUID();
    const fields = {
      event_id,
      raw_offset: '18446744073709551615',
      client_occurred_at: '1999-12-31 23:59:59.999',
    };
    await sink.insertLines('events', lines(row(fields)), { token: randomUUID() });
    const found = await admin.rows(
      `SELECT event_id, toString(raw_offset) AS raw_offset, client_occurred_at, received_at, expires_at FROM rollcall.events
       WHERE event_id = {event_id:UUID}`,
      { event_id },
    );
    expect(found).toEqual([
      { ...fields, received_at: '2026-11-21 01:02:03.004', expires_at: '2036-11-21 01:02:03' },
    ]);
  });
});

describe('properties', () => {
  it('come back as they were, nested and listed', async () => {
    const properties = {
      nodes: { ready: 3, total: 4 },
      flags: ['a', 'b'],
      mixed: [1, 'a', { x: 1 }],
      list: [{ x: 1 }, { y: 'q' }],
      isOpen: true,
      ratio: 0.25,
      text: 'a\u0000b é 😀',
    };
    expect(await propertiesOf(properties)).toEqual(properties);
  });

  it('that look like dates stay the text they were', async () => {
    const properties = { day: '2024-01-01', at: '2024-01-01T00:00:00Z' };
    expect(await propertiesOf(properties)).toEqual(properties);
  });

  it('lose nulls and empty objects', async () => {
    expect(await propertiesOf({ a: null, b: {}, c: 1 })).toEqual({ c: 1 });
  });

  it('with a dot in a name read like nested ones, and the first of two wins', async () => {
    expect(await propertiesOf({ 'a.b': 1, a: { b: 2 } })).toEqual({ a: { b: 1 } });
  });

  it('may hold more names than there are columns for', async () => {
    const wide = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, i]));
    expect(Object.keys((await propertiesOf(wide)) as object)).toHaveLength(600);
  });

  it('take whole numbers up to 64 bits', async () => {
    const big = '{"most":18446744073709551615,"least":-9223372036854775808}';
    const event_id = randomUUID();
    const line = JSON.stringify(row({ event_id })).replace(
      '"properties":{}',
      `"properties":${big}`,
    );
    const outcome = await sink.insertLines('events', [Buffer.from(line)], { token: randomUUID() });
    expect(outcome).toMatchObject({ kind: 'ok' });
    const found = await admin.rows(
      'SELECT toString(properties.most) AS most, toString(properties.least) AS least FROM rollcall.events WHERE event_id = {event_id:UUID}',
      { event_id },
    );
    expect(found).toEqual([{ most: '18446744073709551615', least: '-9223372036854775808' }]);
  });

  // What the steps before the sink have to keep out: each of these costs its row.
  it.each([
    ['a whole number beyond 64 bits', '{"n":100000000000000000000}'],
    ['half a surrogate pair', '{"s":"\\ud800"}'],
  ])('with %s are refused', async (_, properties) => {
    const line = JSON.stringify(row()).replace('"properties":{}', `"properties":${properties}`);
    expect(
      await sink.insertLines('events', [Buffer.from(line)], { token: randomUUID() }),
    ).toMatchObject({ kind: 'dead_letter', vendorCode: '117' });
  });
});

describe('a rejection', () => {
  const rejection = {
    project,
    stage: 'gateway',
    code: 'GW_BODY_NOT_JSON',
    topic: '',
    partition: -1,
    offset: '-1',
    index: -1,
    count: 1,
    at: '2026-11-21 01:02:03',
  };

  async function countFinal(code: string): Promise<unknown> {
    return admin.rows(
      `SELECT count() AS n, any(day) AS day FROM rollcall.rejections FINAL
       WHERE project = {project:String} AND code = {code:String}`,
      { project, code },
    );
  }

  it('with coordinates is counted once however often it comes', async () => {
    const same = {
      ...rejection,
      code: 'AN_FIELD_TYPE',
      topic: 't',
      partition: 1,
      offset: '7',
      index: 2,
    };
    for (let i = 0; i < 2; i += 1)
      await sink.insertLines('rejections', lines(same), { token: randomUUID() });
    expect(await countFinal('AN_FIELD_TYPE')).toEqual([{ n: 1, day: '2026-11-21' }]);
  });

  it('without coordinates is told from its like by its id', async () => {
    const twins = lines(
      { ...rejection, rejection_id: randomUUID() },
      { ...rejection, rejection_id: randomUUID() },
    );
    for (let i = 0; i < 2; i += 1)
      await sink.insertLines('rejections', twins, { token: randomUUID() });
    expect(await countFinal('GW_BODY_NOT_JSON')).toEqual([{ n: 2, day: '2026-11-21' }]);
  });
});

describe('a metric sample', () => {
  it('keeps its labels and its value', async () => {
    const sample = {
      project,
      event_id: randomUUID(),
      sample_index: 3,
      installation: '0'.repeat(32),
      key_epoch: 1,
      name: 'nodes_total',
      labels: { os: 'linux', role: 'worker' },
      value: 0.1,
      pushed: 0.3,
    };
    const times = {
      occurred_at: '2026-11-21 01:02:03.004',
      received_at: '2026-11-21 01:02:03.004',
      expires_at: '2036-11-21 01:02:03',
    };
    await sink.insertLines('metric_samples', lines({ ...sample, ...times }), {
      token: randomUUID(),
    });
    const found = await admin.rows(
      'SELECT * FROM rollcall.metric_samples WHERE event_id = {id:UUID}',
      { id: sample.event_id },
    );
    expect(found).toEqual([{ ...sample, ...times }]);
  });
});

describe('the server', () => {
  it('calls its codes by the names we know', async () => {
    const names = Object.assign({}, ...Object.values(SERVER_CODES)) as Record<string, string>;
    const found = await admin.rows<{ code: string; name: string }>(
      'SELECT toString(number) AS code, errorCodeToName(number) AS name FROM numbers(2000) WHERE has({codes:Array(UInt32)}, number)',
      { codes: Object.keys(names).map(Number) },
    );
    expect(Object.fromEntries(found.map(({ code, name }) => [code, name]))).toEqual(names);
  });

  it('that is not there is unavailable, not a fault of the data', async () => {
    const nobody = createClickHouse({ url: 'http://127.0.0.1:1', username: 'x', password: 'x' });
    const away = { kind: 'retry', code: 'CH_UNAVAILABLE', vendorCode: 'ECONNREFUSED' };
    expect(await nobody.ping()).toEqual(away);
    expect(await nobody.insertLines('events', lines(row()), { token: 'x' })).toEqual(away);
    await nobody.close();
  });

  it('that does not know the password says so, to a ping and to an insert', async () => {
    const { url, sink: login } = testServers().clickhouse;
    const stranger = createClickHouse({ url, username: login.user, password: 'wrong' });
    const denied = { kind: 'retry', code: 'CH_DENIED', vendorCode: '516' };
    expect(await stranger.ping()).toEqual(denied);
    const large = Buffer.from(`${JSON.stringify(row())}\n`.repeat(20_000));
    expect(await stranger.insertLines('events', [large], { token: 'x' })).toEqual(denied);
    await stranger.close();
  });

  it('without the tables is behind, and keeps the rows waiting', async () => {
    const { url, admin: login } = testServers().clickhouse;
    const early = createClickHouse({
      url,
      username: login.user,
      password: login.password,
      database: 'not_there',
    });
    expect(await early.insertLines('events', lines(row()), { token: 'x' })).toEqual({
      kind: 'retry',
      code: 'CH_SCHEMA_BEHIND',
      vendorCode: '81',
    });
    await early.close();
  });
});
