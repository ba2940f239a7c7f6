import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse, queryParameters, readNamedQueries } from '@rollcall/clickhouse';
import { testServers, uniqueName } from '@rollcall/testing';
import { ProjectRows } from './console-rows.fixture.ts';
import { projectLike, startConsole, type RunningConsole } from './console.fixture.ts';
import { daysOf } from './public/overview-windows.ts';

const QUERIES = join(import.meta.dirname, '../../../deploy/clickhouse/queries');
const project = uniqueName('overview');
const month = new Date(Date.now() - 86_400_000).toISOString().slice(0, 7);

let rows: ProjectRows;
let running: RunningConsole;

beforeAll(async () => {
  rows = new ProjectRows(project);
  // the maximum of two pushes of a day counts, kinds of any case are one, and one cluster says nothing of applications
  await rows.push('A', 1, [
    ['cozy_cluster_info', '', 1],
    ['cozy_nodes_count', '', 3],
    ['cozy_application_count', 'Tenant', 2],
    ['cozy_application_count', 'Postgres', 7],
  ]);
  await rows.push('A', 1, [
    ['cozy_nodes_count', '', 5],
    ['cozy_application_count', 'Tenant', 1],
  ]);
  await rows.push('B', 1, [
    ['cozy_cluster_info', '', 1],
    ['cozy_nodes_count', '', 4],
  ]);
  // everything is told, so that it can be compared
  running = await startConsole([await projectLike('cozystack', { project, minimum_cell: 1 })], {
    CONSOLE_OVERVIEW_PROJECT: project,
  });
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
  const answer = await running.get(
    `/api/overview?year=${month.slice(0, 4)}&month=${month.slice(5)}`,
  );
  const { periods } = (await answer.json()) as { periods: { month: Record<string, unknown> } };
  const { clusters, total_nodes, total_tenants, apps } = (await named()) ?? {};
  expect(periods.month).toMatchObject({ clusters, total_nodes, total_tenants, apps });
  expect({ clusters, total_nodes, total_tenants, apps }).toEqual({
    clusters: 2,
    total_nodes: 9,
    total_tenants: 2,
    apps: { postgres: 7, tenant: 2 },
  });
});
