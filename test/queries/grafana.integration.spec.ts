import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ANALYST_LIMITS, createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import { testServers } from '@rollcall/testing';
import { SmallProject } from './rows.fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const GRAFANA = join(ROOT, 'deploy/grafana');

interface Target {
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly rawSql?: string;
  readonly format?: number;
  readonly expr?: string;
}
interface Panel {
  readonly title: string;
  readonly description: string;
  readonly targets: readonly Target[];
}
interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly query: string }[] };
  readonly panels: readonly Panel[];
}

const dashboards = readdirSync(join(GRAFANA, 'dashboards')).map(
  (file) => JSON.parse(readFileSync(join(GRAFANA, 'dashboards', file), 'utf8')) as Dashboard,
);
const panels = dashboards.flatMap((dashboard) => dashboard.panels);
const targets = panels.flatMap(({ title, targets: all }) =>
  all.map((target) => ({ title, ...target })),
);
const sources = (
  parse(readFileSync(join(GRAFANA, 'provisioning/datasources/rollcall.yaml'), 'utf8')) as {
    datasources: readonly { uid: string; type: string; jsonData: { queryTimeout?: string } }[];
  }
).datasources;

/** `$__timeFilter(x)` and the like as the data source for ClickHouse writes them, and `${project:sqlstring}` as Grafana. */
function withMacros(sql: string, project: string): string {
  const from = Date.parse('2026-11-01T00:00:00Z') / 1000;
  const to = Date.parse('2026-11-30T00:00:00Z') / 1000;
  return sql
    .replaceAll(
      /\$__timeFilter\((\w+)\)/g,
      (_, column: string) => `${column} >= toDateTime(${from}) AND ${column} <= toDateTime(${to})`,
    )
    .replaceAll(
      /\$__dateFilter\((\w+)\)/g,
      (_, column: string) =>
        `${column} >= toDate('2026-11-01') AND ${column} <= toDate('2026-11-30')`,
    )
    .replaceAll('${project:sqlstring}', `'${project.replaceAll("'", "''")}'`);
}

let analyst: ClickHouse;
let shop: SmallProject;

beforeAll(async () => {
  const { url, analyst: login } = testServers().clickhouse;
  analyst = createClickHouse({ url, username: login.user, password: login.password });
  shop = new SmallProject();
  const facts = { app_version: 'v1', kubernetes_version: 'v1.33.1', os: 'linux', arch: 'amd64' };
  const event = (installation: string, at: string) => ({
    ...{ event: 'opened', installation, at, provider: 'eks' },
    ...facts,
  });
  await shop.events([
    event('a', '11-02 10:00'),
    event('a', '11-03 10:00'),
    event('b', '11-03 11:00'),
    { event: '$opt_out', at: '11-03 12:00' },
  ]);
});
afterAll(async () => {
  await analyst.close();
  await shop.close();
});

describe('a query of ClickHouse in a dashboard', () => {
  const queries = targets.filter(({ rawSql }) => rawSql !== undefined);

  it.each(queries)('is answered to an analyst: $title', async ({ title, rawSql = '', format }) => {
    const sql = withMacros(rawSql, shop.project);
    expect(sql).not.toMatch(/\$__|\$\{/);
    const rows = await analyst.rows<Record<string, unknown>>(sql);
    // nothing of this project was refused; everything else has something to show
    expect(rows.length > 0).toBe(!title.startsWith('Refused'));
    if (format === 0) expect(sql).toMatch(/ AS time\b.* ORDER BY time/);
    for (const row of rows) if (format === 0) expect(row['time']).toMatch(/^2026-11-0\d /);
  });

  it('says what was put in: two installations, three events and an opt-out, each stored twice', async () => {
    const ask = (title: string): Promise<unknown[]> =>
      analyst.rows(
        withMacros(queries.find((query) => query.title === title)?.rawSql ?? '', shop.project),
      );
    expect(await ask('Installations, and how believable they are')).toEqual([
      { received: 2, plausible: 2, confirmed: 1 },
    ]);
    expect(await ask('Events in the time range')).toEqual([{ events: 4 }]);
    expect(await ask('Installations active in the time range')).toEqual([{ installations: 2 }]);
    expect(await ask('Active installations per day')).toEqual([
      { time: '2026-11-02 00:00:00', installations: 1 },
      { time: '2026-11-03 00:00:00', installations: 2 },
    ]);
    expect(await ask('Versions now')).toEqual([{ version_told: 'v1', installations: 2 }]);
    expect(await ask('Opt-outs per day')).toEqual([{ time: '2026-11-03 00:00:00', opt_outs: 1 }]);
  });

  it('offers the projects that there are', async () => {
    const [variable] = dashboards.flatMap(({ templating }) => templating.list);
    expect(await analyst.rows(variable?.query ?? '')).toContainEqual({ project: shop.project });
  });

  it('bears a project with a quote in its name', async () => {
    for (const { rawSql = '' } of queries)
      await expect(analyst.rows(withMacros(rawSql, "x' OR '1' = '1"))).resolves.toBeDefined();
  });
});

describe('a query of Prometheus in a dashboard', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/metrics.md'), 'utf8');
  const kinds = new Map(
    [...page.matchAll(/^\| `(\w+)` +\| (\w+)/gm)].map(([, name = '', kind = '']) => [name, kind]),
  );
  const expressions = targets.filter(({ expr }) => expr !== undefined);
  const namesIn = (expr: string): string[] =>
    [...expr.matchAll(/\b(?:gateway|anonymizer|sink)_\w+/g)].map(([name]) => name);

  it.each(expressions)('asks for metrics that the services have: $expr', ({ expr = '' }) => {
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const metric = name.replace(/_bucket$/, '');
      expect([...kinds.keys()]).toContain(metric);
      expect(name.endsWith('_bucket')).toBe(kinds.get(metric) === 'histogram');
      // a counter only tells something as a rate, a gauge never does
      expect(new RegExp(`(rate|increase)\\(${name}\\[`).test(expr)).toBe(
        kinds.get(metric) !== 'gauge',
      );
    }
    for (const [, labels = ''] of expr.matchAll(/by \(([^)]*)\)/g))
      for (const label of labels.split(', ').filter((name) => name !== 'le'))
        expect(page).toContain(`\`${label}\``);
  });

  it('is there for every metric that the services have', () => {
    const shown = new Set(expressions.flatMap(({ expr = '' }) => namesIn(expr)));
    const missing = [...kinds.keys()].filter(
      (name) => !shown.has(name) && !shown.has(`${name}_bucket`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the provisioning', () => {
  it('has the data sources that the dashboards name', () => {
    const known = new Set(sources.map(({ uid, type }) => `${type} ${uid}`));
    for (const { datasource } of targets)
      expect(known).toContain(`${datasource.type} ${datasource.uid}`);
  });

  it('asks ClickHouse for less time than an analyst may have', () => {
    const timeout = sources
      .map(({ jsonData }) => Number(jsonData.queryTimeout ?? 0))
      .sort()
      .at(-1);
    const [, greatest = 0] = ANALYST_LIMITS['max_execution_time']?.range ?? [];
    expect((timeout ?? 0) + 5).toBeLessThan(greatest);
  });

  it('explains every panel', () => {
    expect(panels.filter(({ description }) => !description.endsWith('.'))).toEqual([]);
  });
});
