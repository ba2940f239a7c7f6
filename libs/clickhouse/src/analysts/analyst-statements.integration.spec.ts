import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServers } from '@rollcall/testing';
import { createClickHouse, type ClickHouse } from '../clickhouse.ts';
import { ERASURE_TABLES } from '../erasure-tables.ts';
import { analystAccess } from './analyst-access.ts';
import { analystRemoval, analystStatements } from './analyst-statements.ts';
import { projectRelations } from './project-relations.ts';

const SUM = 'ab'.repeat(32);
const access = analystAccess('my-project');
let admin: ClickHouse;

beforeAll(() => {
  const { url, admin: login } = testServers().clickhouse;
  admin = createClickHouse({ url, username: login.user, password: login.password });
});
afterAll(() => admin.close());

describe('the tables and views of an analyst', () => {
  it('are all that have a column named project, but materialized views and what erasures leave', async () => {
    const found = await admin.rows<{ name: string }>(
      `SELECT DISTINCT t.name AS name FROM system.tables AS t
       JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
       WHERE t.database = 'rollcall' AND c.name = 'project' AND t.engine != 'MaterializedView'
         AND NOT startsWith(t.name, '.') -- what a refresh is filling
       ORDER BY name`,
    );
    const names = found.map(({ name }) => name);
    expect(names).toEqual([...projectRelations(), ...ERASURE_TABLES].toSorted());
  });
});

describe('a statement for a server', () => {
  const target = { database: 'rollcall', cluster: 'main' };
  const statements = [
    ...analystStatements(access, SUM, target),
    ...analystStatements(access, SUM, { database: 'rollcall' }),
    ...analystRemoval(access, target),
  ];

  // the embedded engine has no place for SQL users; it parses their statements as a server does
  it.each(statements)('is understood by ClickHouse: %.70s', async (statement) => {
    const [row] = await admin.rows<{ text: string }>(
      'SELECT formatQuerySingleLine({statement:String}) AS text',
      { statement },
    );
    expect(row?.text).toContain('analyst_my-project');
  });

  it('gives rights last, and each of them under a policy', () => {
    const texts = analystStatements(access, SUM, target);
    const kinds = texts.map((text) => /^(GRANT|CREATE [A-Z ]+?) (?:OR|ON)/.exec(text)?.[1]);
    const policies = kinds.filter((kind) => kind === 'CREATE ROW POLICY').length;
    expect(policies).toBe(access.relations.length);
    expect(kinds.slice(-policies)).toEqual(access.relations.map(() => 'GRANT'));
    expect(kinds.lastIndexOf('CREATE ROW POLICY')).toBeLessThan(kinds.indexOf('GRANT'));
  });

  it('takes no password and no name that would need quoting', () => {
    expect(() => analystStatements(access, 'a password', target)).toThrow(TypeError);
    expect(() => analystAccess("x' OR 1")).toThrow('not the name of a project');
  });
});
