import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse, queryParameters, readNamedQueries } from '@rollcall/clickhouse';
import { testServers, uniqueName } from '@rollcall/testing';
import { ProjectRows } from './console-rows.fixture.ts';
import { projectLike, startConsole, type RunningConsole } from './console.fixture.ts';
import { daysOf } from './public/overview-windows.ts';
import { OVERVIEW_SQL } from './public/overview.sql.ts';

const QUERIES = join(import.meta.dirname, '../../../deploy/clickhouse/queries');
const project = uniqueName('overview');
const month = new Date(Date.now() - 86_400_000).toISOString().slice(0, 7);

/** Noon of some day in the month before. */
const daysToEarlierMonth = Number(new Date(Date.now() - 86_400_000).toISOString().slice(8, 10)) + 5;

type Push = Parameters<ProjectRows['push']>;

const PUSHES: readonly Push[] = [
  // the maximum of two pushes of a day counts, kinds of any case are one, and one cluster says nothing of applications
  [
    ...(['A', 1] as const),
    [
      ['cozy_cluster_info', '', 1],
      ['cozy_nodes_count', '', 3],
      ['cozy_application_count', 'Tenant', 2],
      ['cozy_application_count', 'Postgres', 7],
    ],
  ],
  [
    ...(['A', 1] as const),
    [
      ['cozy_nodes_count', '', 5],
      ['cozy_application_count', 'Tenant', 1],
    ],
  ],
  [
    ...(['B', 1] as const),
    [
      ['cozy_cluster_info', '', 1],
      ['cozy_nodes_count', '', 4],
    ],
  ],
  [
    ...(['A', daysToEarlierMonth] as const),
    [
      ['cozy_cluster_info', '', 1],
      ['cozy_nodes_count', '', 2],
    ],
  ],
];

let rows: ProjectRows;
let running: RunningConsole;

async function startOverview(): Promise<RunningConsole> {
  // everything is told, so that it can be compared
  return startConsole([await projectLike('cozystack', { project, minimum_cell: 1 })], {
    CONSOLE_OVERVIEW_PROJECT: project,
  });
}

/** What a console that has kept nothing says. */
async function freshPeriods(): Promise<Record<'month' | 'quarter' | 'year', object>> {
  const fresh = await startOverview();
  try {
    return await periodsOf(fresh);
  } finally {
    await fresh.close();
  }
}

async function periodsOf(
  of: RunningConsole,
): Promise<Record<'month' | 'quarter' | 'year', Record<string, unknown>>> {
  const answer = await of.get(`/api/overview?year=${month.slice(0, 4)}&month=${month.slice(5)}`);
  expect(answer.status).toBe(200);
  const { periods } = (await answer.json()) as { periods: Awaited<ReturnType<typeof periodsOf>> };
  return periods;
}

beforeAll(async () => {
  rows = new ProjectRows(project);
  for (const push of PUSHES) await rows.push(...push);
  running = await startOverview();
});
afterAll(async () => {
  await Promise.all([running.close(), rows.close()]);
});

async function named(): Promise<Record<string, unknown> | undefined> {
  const query = readNamedQueries(QUERIES).find(({ name }) => name === 'cozystack-overview');
  if (query === undefined) throw new Error('there is no such query');
  const { url, analyst } = testServers().clickhouse;
  const client = createClickHouse({ url, username: analyst.user, password: analyst.password });
  const given = { project, ...daysOf(month) };
  const [row] = await client.rows<Record<string, unknown>>(
    query.sql,
    queryParameters(query, given, Date.now()),
  );
  await client.close();
  return row;
}

test('where everything may be told, the overview says what the named query says', async () => {
  const periods = await periodsOf(running);
  const { clusters, total_nodes, total_tenants, apps } = (await named()) ?? {};
  expect(periods.month).toMatchObject({ clusters, total_nodes, total_tenants, apps });
  expect({ clusters, total_nodes, total_tenants, apps }).toEqual({
    clusters: 2,
    total_nodes: 9,
    total_tenants: 2,
    apps: { postgres: 7, tenant: 2 },
  });
});

test('a quarter is the mean of its months, each told from its own days', async () => {
  const { quarter } = await periodsOf(running);
  // 9 nodes of two clusters in this month, 2 of one in the month before
  expect(quarter).toMatchObject({ clusters: 2, total_nodes: 6, apps: { postgres: 4, tenant: 1 } });
});

test('is the same when pushes come again and parts merge', async () => {
  const before = await periodsOf(running);
  for (const push of PUSHES) await rows.push(...push);
  await rows.merge();
  expect(await freshPeriods()).toEqual(before);
});

test('is what it would be had an erased cluster never been there', async () => {
  await rows.push('C', 1, [
    ['cozy_cluster_info', '', 1],
    ['cozy_nodes_count', '', 100],
  ]);
  const before = await periodsOf(running);
  expect(await freshPeriods()).not.toEqual(before);
  await rows.erase('C');
  expect(await freshPeriods()).toEqual(before);
});

test('reads no sample', async () => {
  const parameters = { project, least: 1, from: '2026-01-01', to: '2026-12-01' };
  expect(await rows.tablesOf(OVERVIEW_SQL, parameters)).toEqual(['rollcall.metric_months']);
});
