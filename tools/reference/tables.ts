import { toCode, toTable } from './table.ts';

/** A table or view as its migration declares it. */
interface Relation {
  readonly kind: string;
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly Column[];
}

type Column = readonly [name: string, type: string, comment: string];

const CREATE =
  /^CREATE (?:OR REPLACE )?(TABLE|VIEW) (?:IF NOT EXISTS )?\$\{DATABASE\}\.(\w+)[^(]*\n\(\n([^]*?)\n\)/gm;
const COLUMN = /^ {4}`?(\w+)`? (.+?) COMMENT '([^']*)',?$/gm;
/** A column that a later migration added. */
const ADDED =
  /^ALTER TABLE \$\{DATABASE\}\.(\w+) .*\n {4}ADD COLUMN IF NOT EXISTS (\w+) (.+?) COMMENT '([^']*)'/gm;
/** The comment on the whole, at the end of its statement. */
const COMMENT = /^COMMENT '([^']*)'/m;

/**
 * @returns the page of tables and views that the migrations make, in their order; a later one replaces an earlier, and columns
 * that were added stand at the end
 */
export function tablesPage(migrations: readonly string[]): string {
  const relations = new Map(
    migrations.flatMap(readRelations).map((relation) => [relation.name, relation]),
  );
  const added = Map.groupBy(migrations.flatMap(readAdded), ({ table }) => table);
  const sections = [...relations.values()].map(
    ({ kind, name, comment, columns }) =>
      `## rollcall.${name}\n\n${kind}. ${comment}.\n\n` +
      toTable(
        ['column', 'type', 'meaning'],
        [...columns, ...(added.get(name) ?? []).map(({ column }) => column)].map(
          ([column, type, meaning]) => [toCode(column), toCode(type), meaning],
        ),
      ),
  );
  return [
    '# Tables',
    'Made by the numbered migrations of `libs/clickhouse`. The sink writes the first three tables; the others are filled from them.',
    ...sections,
  ].join('\n\n');
}

function readRelations(migration: string): Relation[] {
  return [...migration.matchAll(CREATE)].map((match) => {
    const [, kind = '', name = '', body = ''] = match;
    const rest = migration.slice(match.index);
    const statement = rest.slice(0, rest.search(/;\n|;$|$(?![^])/));
    const comment = COMMENT.exec(statement)?.[1];
    const columns = [...body.matchAll(COLUMN)].map(
      ([, column = '', type = '', meaning = '']) => [column, type, meaning] as const,
    );
    if (comment === undefined || columns.length === 0) throw new Error(`${name} could not be read`);
    return { kind: kind === 'TABLE' ? 'Table' : 'View', name, comment, columns };
  });
}

function readAdded(migration: string): { readonly table: string; readonly column: Column }[] {
  return [...migration.matchAll(ADDED)].map(
    ([, table = '', column = '', type = '', meaning = '']) => ({
      table,
      column: [column, type, meaning],
    }),
  );
}
