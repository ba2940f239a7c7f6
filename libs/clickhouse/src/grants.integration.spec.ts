import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServers } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { ERASURE_TABLES } from './erasure-tables.ts';
import { INSTALLATION_TABLES } from './installation-tables.ts';
import { findSchemaGap } from './schema-version.ts';

const denied = expect.objectContaining({ code: 'CH_DENIED' }) as Error;
let sink: ClickHouse;
let analyst: ClickHouse;
let eraser: ClickHouse;
let receipts: ClickHouse;

beforeAll(() => {
  const { url, ...users } = testServers().clickhouse;
  sink = createClickHouse({ url, username: users.sink.user, password: users.sink.password });
  analyst = createClickHouse({
    url,
    username: users.analyst.user,
    password: users.analyst.password,
  });
  const { user, password } = users.eraser;
  eraser = createClickHouse({ url, username: user, password });
  receipts = createClickHouse({
    url,
    username: users.receipts.user,
    password: users.receipts.password,
  });
});
afterAll(async () => {
  await Promise.all([sink, analyst, eraser, receipts].map((each) => each.close()));
});

describe('the sink', () => {
  it.each([
    'SELECT count() FROM rollcall.events',
    'SELECT count() FROM rollcall.installations',
    'SELECT count() FROM rollcall.rejections',
    'SELECT count() FROM rollcall.metric_samples',
    'SELECT count() FROM system.users',
    'SELECT count() FROM system.grants',
    'SELECT query FROM system.processes',
    'SHOW PROCESSLIST',
    'SHOW USERS',
    'SELECT count() FROM system.parts_columns',
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
  ])('cannot read: %s', async (query) => {
    await expect(sink.rows(query)).rejects.toThrow(denied);
  });

  it.each([
    'ALTER TABLE rollcall.events DELETE WHERE 1',
    'DELETE FROM rollcall.events WHERE 1',
    'TRUNCATE TABLE rollcall.events',
    'DROP TABLE rollcall.events',
    'ALTER TABLE rollcall.events UPDATE os = ‘’ WHERE 1'.replaceAll(/[‘’]/g, "'"),
    'CREATE TABLE rollcall.own (a Int8) ENGINE = Memory',
    'CREATE OR REPLACE VIEW rollcall.installations AS SELECT 1',
    'CREATE USER intruder',
    'GRANT SELECT ON *.* TO sink',
    'SYSTEM SHUTDOWN',
  ])('cannot change what is stored, or who may: %s', async (statement) => {
    await expect(sink.command(statement)).rejects.toThrow(denied);
  });

  it('cannot write a file of the server', async () => {
    // a server has a right for it; the embedded engine fails instead, without a code: it has no working directory
    const writing = sink.command("INSERT INTO FUNCTION file('stolen.csv') SELECT 1");
    await expect(writing).rejects.toThrow(/does not allow this|NO_ANSWER/);
  });

  it.each([`SELECT * FROM file('/etc/passwd', 'LineAsString')`, `SELECT file('/etc/passwd')`])(
    'cannot read a file of the server: %s',
    async (query) => {
      await expect(sink.rows(query)).rejects.toThrow(/does not allow this|NO_ANSWER/);
    },
  );

  it('sees how new the tables are', async () => {
    expect(await findSchemaGap(sink)).toBeUndefined();
  });
});

describe('the analyst', () => {
  it.each([
    'events',
    'metric_samples',
    'rejections',
    'installations',
    'daily_active',
    'versions_daily',
    'ladder',
  ])('reads %s', async (table) => {
    await expect(analyst.rows(`SELECT count() FROM rollcall.${table}`)).resolves.toHaveLength(1);
  });

  it('cannot insert', async () => {
    const outcome = await analyst.insertLines('events', [Buffer.from('{}\n')], {
      token: randomUUID(),
    });
    expect(outcome).toMatchObject({ kind: 'retry', code: 'CH_DENIED' });
  });

  it.each([
    'DELETE FROM rollcall.events WHERE 1',
    'ALTER TABLE rollcall.events DELETE WHERE 1',
    'TRUNCATE TABLE rollcall.events',
    'DROP VIEW rollcall.installations',
    'CREATE TABLE rollcall.own (a Int8) ENGINE = Memory',
    'CREATE USER intruder',
    'SYSTEM SHUTDOWN',
    'KILL QUERY WHERE 1',
  ])('changes nothing: %s', async (statement) => {
    await expect(analyst.command(statement)).rejects.toThrow(denied);
  });

  it.each(ERASURE_TABLES)('does not read who was erased: %s', async (table) => {
    await expect(analyst.rows(`SELECT count() FROM rollcall.${table}`)).rejects.toThrow(denied);
    await expect(analyst.rows(`SELECT * FROM merge('rollcall', '^${table}$')`)).rejects.toThrow();
  });

  it.each([
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    'SELECT count() FROM system.users',
    'SELECT count() FROM system.grants',
    'SELECT query FROM system.processes',
    'SHOW PROCESSLIST',
    'SHOW USERS',
    'SELECT count() FROM system.parts_columns',
  ])('reads nothing else: %s', async (query) => {
    await expect(analyst.rows(query)).rejects.toThrow(denied);
  });

  it('cannot lift its own limits', async () => {
    await expect(
      analyst.rows('SELECT 1 SETTINGS max_execution_time = 100000'),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^CH_/) as string });
    await expect(analyst.rows('SELECT 1 SETTINGS readonly = 0')).rejects.toMatchObject({
      code: expect.stringMatching(/^CH_/) as string,
    });
  });

  it.each([`SELECT * FROM file('/etc/passwd', 'LineAsString')`, `SELECT file('/etc/passwd')`])(
    'cannot read a file of the server: %s',
    async (query) => {
      // a server has a right for it; the embedded engine fails instead, without a code: it has no working directory
      await expect(analyst.rows(query)).rejects.toThrow(/does not allow this|NO_ANSWER/);
    },
  );
});

describe('the eraser', () => {
  it.each(INSTALLATION_TABLES)('deletes from %s', async (table) => {
    const nobody = "project = 'no such project'";
    await expect(
      eraser.command(`ALTER TABLE rollcall.${table} DELETE WHERE ${nobody}`),
    ).resolves.toBeUndefined();
  });

  it.each([
    'TRUNCATE TABLE rollcall.events',
    'DROP TABLE rollcall.events',
    "ALTER TABLE rollcall.events UPDATE os = '' WHERE 1",
    'INSERT INTO rollcall.events SELECT * FROM rollcall.events',
    'CREATE USER intruder',
  ])('does nothing else: %s', async (statement) => {
    await expect(eraser.command(statement)).rejects.toThrow(denied);
  });
});

describe('the user of receipts', () => {
  it('reads the steps of erasures', async () => {
    const query = 'SELECT count() AS n FROM rollcall.erasures';
    await expect(receipts.rows(query)).resolves.toHaveLength(1);
  });

  it.each(['events', 'erasure_orders', 'tombstones', 'installations'])(
    'does not read %s',
    async (table) => {
      await expect(receipts.rows(`SELECT count() FROM rollcall.${table}`)).rejects.toThrow(denied);
    },
  );
});
