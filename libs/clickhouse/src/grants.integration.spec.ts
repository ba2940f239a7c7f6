import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServers } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { findSchemaGap } from './schema-version.ts';

const denied = expect.objectContaining({ code: 'CH_DENIED' }) as Error;
let sink: ClickHouse;
let analyst: ClickHouse;

beforeAll(() => {
  const { url, ...users } = testServers().clickhouse;
  sink = createClickHouse({ url, username: users.sink.user, password: users.sink.password });
  analyst = createClickHouse({
    url,
    username: users.analyst.user,
    password: users.analyst.password,
  });
});
afterAll(async () => {
  await Promise.all([sink.close(), analyst.close()]);
});

describe('the sink', () => {
  it.each([
    'SELECT count() FROM rollcall.events',
    'SELECT count() FROM rollcall.installations',
    'SELECT count() FROM rollcall.rejections',
  ])('cannot read: %s', async (query) => {
    await expect(sink.rows(query)).rejects.toThrow(denied);
  });

  it.each([
    'ALTER TABLE rollcall.events DELETE WHERE 1',
    'DELETE FROM rollcall.events WHERE 1',
    'TRUNCATE TABLE rollcall.events',
    'DROP TABLE rollcall.events',
    'ALTER TABLE rollcall.events UPDATE os = ‘’ WHERE 1'.replaceAll(/[‘’]/g, "'"),
  ])('cannot change what is stored: %s', async (statement) => {
    await expect(sink.command(statement)).rejects.toThrow(denied);
  });

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

  it('cannot delete', async () => {
    await expect(analyst.command('DELETE FROM rollcall.events WHERE 1')).rejects.toThrow(denied);
  });

  it('cannot read a file of the server', async () => {
    await expect(analyst.rows("SELECT * FROM file('/etc/passwd', 'LineAsString')")).rejects.toThrow(
      denied,
    );
  });
});
