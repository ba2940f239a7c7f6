import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMigrations, toStatements, type Migration } from './migration-files.ts';
import { REQUIRED_SCHEMA } from './schema-version.ts';

function migration(text: string): Migration {
  return { number: 1, name: '0001_x', text, checksum: '' };
}

/** A backfill merges with what it wrote before (model.integration.spec.ts), and replicas fetch what one was given. */
const isBackfill = (statement: string) => statement.startsWith('INSERT INTO');

/** A setting of a table, or when a view counts, is what it is, however often it is set. */
const isSetting = (statement: string) =>
  /^ALTER TABLE \S+[^\n]*\n\s*MODIFY (SETTING|REFRESH)/.test(statement);

/** Tables that are counted anew as a whole: each replica counts its own. */
function countedTables(statements: readonly string[]): ReadonlySet<string> {
  return new Set(
    statements.flatMap((each) => /REFRESH AFTER [^\n]* TO (\S+)/.exec(each)?.[1] ?? []),
  );
}

describe('the shipped migrations', () => {
  it('end with the number that the sink asks for', () => {
    expect(readMigrations().at(-1)?.number).toBe(REQUIRED_SCHEMA);
  });

  it.each([{ database: 'rollcall' }, { database: 'rollcall', cluster: 'main' }])(
    'leave no placeholder for %o',
    (target) => {
      const statements = readMigrations().flatMap((each) => toStatements(each, target));
      expect(statements.filter((statement) => statement.includes('${'))).toEqual([]);
    },
  );

  it('can be repeated after a failure half-way', () => {
    const target = { database: 'rollcall' };
    const statements = readMigrations().flatMap((each) => toStatements(each, target));
    const once = statements.filter((each) => !/IF NOT EXISTS|OR REPLACE|IF EXISTS/.test(each));
    expect(once.filter((each) => !isBackfill(each) && !isSetting(each))).toEqual([]);
  });

  it('replicate every table and run everywhere when a cluster is named', () => {
    const target = { database: 'rollcall', cluster: 'main' };
    const statements = readMigrations().flatMap((each) => toStatements(each, target));
    const here = statements.filter((each) => !each.includes("ON CLUSTER 'main'"));
    expect(here.filter((each) => !isBackfill(each))).toEqual([]);
    const tables = statements.filter((each) => each.startsWith('CREATE TABLE'));
    const counted = countedTables(statements);
    const alone = tables.filter((each) => !each.includes('ENGINE = Replicated'));
    expect(alone.map((each) => /EXISTS (\S+)/.exec(each)?.[1])).toEqual([...counted]);
  });
});

describe('statements of a migration', () => {
  it('end with a semicolon at the end of a line, and comments are no statement', () => {
    const text = "-- why; because\nSELECT ';' AS a\n;\nSELECT 2;  \n-- the end\n";
    expect(toStatements(migration(text), { database: 'd' })).toEqual([
      "SELECT ';' AS a",
      'SELECT 2',
    ]);
  });

  it('name the database, the cluster and the engine', () => {
    const text =
      'CREATE TABLE ${DATABASE}.t ${ON_CLUSTER} ENGINE = ${ENGINE:ReplacingMergeTree}(v);';
    const alone = toStatements(migration(text), { database: 'd' });
    const cluster = toStatements(migration(text), { database: 'd', cluster: 'c-1' });
    expect(alone).toEqual(['CREATE TABLE d.t  ENGINE = ReplacingMergeTree(v)']);
    expect(cluster).toEqual([
      "CREATE TABLE d.t ON CLUSTER 'c-1' ENGINE = ReplicatedReplacingMergeTree(v)",
    ]);
  });

  it('are not made for a cluster that would be SQL', () => {
    const target = { database: 'd', cluster: "c' SYNC --" };
    expect(() => toStatements(migration('${ON_CLUSTER};'), target)).toThrow(
      expect.objectContaining({ code: 'CH_MIGRATION_INVALID' }),
    );
  });
});

describe('a folder of migrations', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(...files: string[]): void {
    for (const file of files) writeFileSync(join(directory, file), 'SELECT 1;\n');
  }

  it('is read in order', () => {
    write('0002_b.sql', '0001_a.sql');
    expect(readMigrations(directory).map(({ name }) => name)).toEqual(['0001_a', '0002_b']);
  });

  it.each([
    ['a gap', ['0001_a.sql', '0003_c.sql']],
    ['a number twice', ['0001_a.sql', '0001_b.sql']],
    ['another file', ['0001_a.sql', 'notes.txt']],
  ])('is refused with %s', (_, files) => {
    write(...files);
    expect(() => readMigrations(directory)).toThrow(
      expect.objectContaining({ code: 'CH_MIGRATION_INVALID' }),
    );
  });

  it('has the same checksums with the line ends of another system', () => {
    write('0001_a.sql');
    const [before] = readMigrations(directory);
    writeFileSync(join(directory, '0001_a.sql'), 'SELECT 1;\r\n');
    expect(readMigrations(directory)[0]?.checksum).toBe(before?.checksum);
  });
});
