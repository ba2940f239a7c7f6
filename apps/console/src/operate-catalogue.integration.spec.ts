import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import type { TableName } from '@rollcall/contracts-transport';
import { testServers, uniqueName } from '@rollcall/testing';
import type { ApiCatalogue, ApiDeclaredEvent } from './api.ts';
import { projectLike, startConsole, type RunningConsole } from './console.fixture.ts';

const kamaji = uniqueName('catalogue');
const cozystack = uniqueName('catalogue-metrics');
const HOUR_MS = 3_600_000;
const PLANTED = 'planted-by-a-client';

let admin: ClickHouse;
let running: RunningConsole;

const textOf = (hoursAgo: number): string =>
  new Date(Date.now() - hoursAgo * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
const dayOf = (hoursAgo: number): string => textOf(hoursAgo).slice(0, 10);

async function insert(table: TableName, rows: readonly object[]): Promise<void> {
  const lines = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const outcome = await admin.insertLines(table, [lines], { token: randomUUID() });
  expect(outcome).toMatchObject({ kind: 'ok' });
}

const row = (project: string, hoursAgo: number): object => ({
  project,
  event_id: randomUUID(),
  occurred_at: textOf(hoursAgo),
  received_at: textOf(hoursAgo),
  expires_at: '2036-01-01 00:00:00',
  installation: 'i',
});

const event = (hoursAgo: number, name: string, properties: object): object => ({
  ...row(kamaji, hoursAgo),
  event: name,
  properties,
});

const drop = (hoursAgo: number, code: string, count: number): object => ({
  project: kamaji,
  stage: 'anonymizer',
  code,
  topic: 'telemetry.raw.v1',
  partition: 0,
  offset: hoursAgo,
  index: -1,
  count,
  at: textOf(hoursAgo),
});

beforeAll(async () => {
  const { url, admin: all } = testServers().clickhouse;
  admin = createClickHouse({ url, username: all.user, password: all.password });
  const oneRunning = { kamaji_version: 'v1.0.0', tenant_control_plane: { running: 1 } };
  await insert('events', [
    event(1, 'stats', oneRunning),
    event(2, 'stats', oneRunning),
    event(3, 'stats', { kamaji_version: 'v1.0.0' }),
    event(100, 'stats', oneRunning),
    event(1, 'create', {}),
    event(1, PLANTED, { [PLANTED]: 1 }),
  ]);
  const sample = { ...row(cozystack, 1), labels: {}, value: 1 };
  await insert(
    'metric_samples',
    [0, 1].map((sample_index) => ({ ...sample, sample_index, name: 'cozy_nodes_count' })),
  );
  await insert('rejections', [
    drop(1, 'AN_FIELD_UNDECLARED', 3),
    drop(2, 'AN_FIELD_UNDECLARED', 4),
    drop(1, 'AN_FIELD_VALUE', 1),
    drop(100, 'AN_FIELD_UNDECLARED', 50),
    drop(1, 'AN_RECORD_UNREADABLE', 9),
  ]);
  running = await startConsole([
    await projectLike('kamaji', { project: kamaji }),
    await projectLike('cozystack', { project: cozystack }),
  ]);
});
afterAll(() => Promise.all([running.close(), admin.close()]));

async function ask(path: string): Promise<Response> {
  return running.get(`/operate/api/catalogue/${path}`, { cookie: await running.signIn() });
}

async function catalogue(path: string): Promise<ApiCatalogue> {
  return (await (await ask(path)).json()) as ApiCatalogue;
}

const countsOf = ({ count, fields }: ApiDeclaredEvent): Record<string, number | null> => ({
  events: count,
  ...Object.fromEntries(fields.map((field) => [field.path, field.count])),
});

test('tells of every declared field how many of its events carried it', async () => {
  const { events } = await catalogue(kamaji);
  const stats = events.find(({ name }) => name === 'stats');
  expect(stats && countsOf(stats)).toMatchObject({
    events: 3,
    kamaji_version: 3,
    'tenant_control_plane.running': 2,
    'tenant_control_plane.sleeping': 0,
  });
  expect(events.find(({ name }) => name === 'create')?.count).toBe(1);
  const longer = (await catalogue(`${kamaji}?days=7`)).events;
  expect(longer.find(({ name }) => name === 'stats')?.count).toBe(4);
});

test('counts what was dropped by day and kind, and only what did not fit the catalogue', async () => {
  const sums = new Map<string, number>();
  for (const { day, code, count } of (await catalogue(`${kamaji}?days=30`)).dropped) {
    sums.set(code, (sums.get(code) ?? 0) + count);
    if (count >= 50) expect(day).toBe(dayOf(100));
  }
  expect(sums).toEqual(
    new Map([
      ['AN_FIELD_UNDECLARED', 57],
      ['AN_FIELD_VALUE', 1],
    ]),
  );
  const lastDay = (await catalogue(kamaji)).dropped;
  expect(lastDay.reduce((sum, { count }) => sum + count, 0)).toBe(8);
});

test('counts the samples of declared metrics', async () => {
  const { metrics, dropped } = await catalogue(cozystack);
  expect(metrics.find(({ name }) => name === 'cozy_nodes_count')?.count).toBe(2);
  expect(dropped).toEqual([]);
});

test('shows no name that the catalogue does not have, also where one is in the table', async () => {
  expect(JSON.stringify(await catalogue(`${kamaji}?days=30`))).not.toContain(PLANTED);
});

test.each([
  ['a project that there is not', 'nobody', 404, 'CO_PROJECT_UNKNOWN'],
  ['a year', `${kamaji}?days=365`, 400, 'CO_PARAMETER'],
])('refuses %s', async (_, path, status, code) => {
  const refused = await ask(path);
  expect(refused.status).toBe(status);
  expect(await refused.json()).toMatchObject({ code });
});

test('is for operators', async () => {
  const refused = await running.get(`/operate/api/catalogue/${kamaji}`);
  expect(await refused.json()).toMatchObject({ code: 'CO_SIGNED_OUT' });
});
