import { cpSync, mkdtempSync, rmSync, appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRecordingLog, silentLog, testServers, uniqueName } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from './clickhouse.ts';
import { migrate } from './migrate.ts';
import { REQUIRED_SCHEMA, awaitSchema, findSchemaGap } from './schema-version.ts';

const SHIPPED = join(import.meta.dirname, '../migrations');

describe('migrate', () => {
  const database = uniqueName('migrate').replace('-', '_');
  let client: ClickHouse;
  let directory: string;

  beforeAll(() => {
    const { url, admin } = testServers().clickhouse;
    client = createClickHouse({ url, username: admin.user, password: admin.password, database });
  });
  afterAll(() => client.close());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'migrations-'));
    cpSync(SHIPPED, directory, { recursive: true });
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true });
    await client.command(`DROP DATABASE IF EXISTS ${database}`);
  });

  it('applies each migration once', async () => {
    const log = createRecordingLog();
    const first = await migrate(client, { log, directory });
    const second = await migrate(client, { log, directory });
    expect(first).toEqual(Array.from({ length: REQUIRED_SCHEMA }, (_, i) => i + 1));
    expect(second).toEqual([]);
    expect(log.lines).toHaveLength(REQUIRED_SCHEMA);
  });

  it('applies what was added since', async () => {
    await migrate(client, { log: silentLog, directory });
    const next = REQUIRED_SCHEMA + 1;
    const file = `${String(next).padStart(4, '0')}_more.sql`;
    writeFileSync(
      join(directory, file),
      'ALTER TABLE ${DATABASE}.events ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS more String;\n',
    );
    expect(await migrate(client, { log: silentLog, directory })).toEqual([next]);
    expect(await findSchemaGap(client)).toBeUndefined();
  });

  it('changes nothing when an applied file was edited', async () => {
    await migrate(client, { log: silentLog, directory });
    appendFileSync(join(directory, '0002_metric_samples.sql'), 'DROP TABLE ${DATABASE}.events;\n');
    await expect(migrate(client, { log: silentLog, directory })).rejects.toMatchObject({
      code: 'CH_MIGRATION_INVALID',
      message: expect.stringContaining('0002_metric_samples') as string,
    });
    expect(await client.rows(`EXISTS TABLE ${database}.events`)).toEqual([{ result: 1 }]);
  });

  it('goes on where it failed, naming file and statement', async () => {
    const broken = join(directory, '0002_metric_samples.sql');
    writeFileSync(broken, 'SELECT 1;\nCREATE TABEL x;\n');
    await expect(migrate(client, { log: silentLog, directory })).rejects.toThrow(
      '0002_metric_samples, statement 2: code 62',
    );
    cpSync(join(SHIPPED, '0002_metric_samples.sql'), broken);
    expect(await migrate(client, { log: silentLog, directory })).toEqual(
      Array.from({ length: REQUIRED_SCHEMA - 1 }, (_, i) => i + 2),
    );
  });

  it('comments every table and every column', async () => {
    await migrate(client, { log: silentLog, directory });
    const silent = await client.rows(
      // a materialized view has the columns of the table it fills
      `SELECT table, name FROM system.columns
         WHERE database = {database:String} AND comment = '' AND NOT endsWith(table, '_fill')
       UNION ALL SELECT name, '' FROM system.tables WHERE database = {database:String} AND comment = ''`,
      { database },
    );
    expect(silent).toEqual([]);
  });

  it('is asked for while the tables are not there, and waited for', async () => {
    const log = createRecordingLog();
    expect(await findSchemaGap(client)).toMatchObject({ code: 'CH_SCHEMA_BEHIND' });
    const waiting = awaitSchema(client, { log });
    await migrate(client, { log: silentLog, directory });
    await waiting;
    expect(log.text()).toContain('run `rollcall setup`');
  });
});
