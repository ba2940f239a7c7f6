import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { uniqueName } from '@rollcall/testing';
import type { ApiFigure } from './api.ts';
import { installations, ProjectRows, type Sent } from './console-rows.fixture.ts';
import { projectLike, startConsole, type RunningConsole } from './console.fixture.ts';
import { FIGURES } from './figures/figures.table.ts';

const K = 5;
const project = uniqueName('cells');
const month = new Date(Date.now() - 86_400_000).toISOString().slice(0, 7);
const OVERVIEW = `/api/overview?year=${month.slice(0, 4)}&month=${month.slice(5)}`;

let rows: ProjectRows;
let running: RunningConsole;

/** Every name and count is small somewhere: 23 at v1, 7 at v2, 3 at v3, and one cluster that is larger than all others. */
function population(): Sent[] {
  const of = (count: number, version: string, event: string): Sent[] =>
    installations(count, version).flatMap((installation) =>
      [1, 2, 9].map((daysAgo) => ({ installation, daysAgo, version, event })),
    );
  return [
    ...of(23, 'v1.0.0', 'report'),
    ...of(7, 'v2.0.0', 'report'),
    ...of(3, 'v3.0.0-small', 'rare'),
    ...installations(4, 'once').map((installation) => ({ installation, daysAgo: 3 })),
    { installation: '', daysAgo: 4, event: '$opt_out' },
  ];
}

beforeAll(async () => {
  rows = new ProjectRows(project);
  await rows.events(population());
  for (const [index, cluster] of installations(12, 'cluster').entries())
    await rows.push(cluster, 1, [
      ['cozy_cluster_info', '', 1],
      ['cozy_nodes_count', '', index === 0 ? 977 : 3],
      ['cozy_application_count', 'Tenant', 2],
      ...(index < 3 ? ([['cozy_application_count', 'Secret', 41]] as const) : []),
    ]);
  running = await startConsole([await projectLike('cozystack', { project, minimum_cell: K })], {
    CONSOLE_OVERVIEW_PROJECT: project,
  });
});
afterAll(async () => {
  await Promise.all([running.close(), rows.close()]);
});

/** An exit, and the counts that it lets out. A path that is not here makes a test fail: nobody adds one unseen. */
const EXITS: Readonly<Record<string, { paths: readonly string[]; counts: Counts }>> = {
  '/api/projects': { paths: ['/api/projects'], counts: nothing },
  '/api/projects/:project': { paths: [`/api/projects/${project}`], counts: nothing },
  '/api/projects/:project/figures/:figure': {
    paths: FIGURES.map(({ id }) => `/api/projects/${project}/figures/${id}`),
    counts: countsInJson,
  },
  '/api/projects/:project/figures/:figure/csv': {
    paths: FIGURES.map(({ id }) => `/api/projects/${project}/figures/${id}/csv`),
    counts: countsInCsv,
  },
  '/api/projects/:project/badge.svg': {
    paths: ['received', 'confirmed', 'qualified'].map(
      (count) => `/api/projects/${project}/badge.svg?count=${count}`,
    ),
    counts: countsInBadge,
  },
  '/api/overview': { paths: [OVERVIEW], counts: countsInOverview },
};

/** Routes that show no figure: documents, files, health, and what is behind the sign-in. */
const WITHOUT_FIGURES = [
  '/',
  '/projects/:project',
  '/projects/:project/privacy',
  // Fastify draws the route of the files, /assets/*, without its beginning
  '/*',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/operate',
  '/operate/session',
  '/operate/api/pipeline',
  '/operate/api/rejections',
  '/operate/api/replays',
  '/operate/api/erasures',
  '/operate/api/catalogue/:project',
  '/operate/api/query',
];

type Counts = (text: string) => readonly number[];

function nothing(): readonly number[] {
  return [];
}

function countsInJson(text: string): readonly number[] {
  const { columns, rows: cells } = JSON.parse(text) as ApiFigure;
  return cells.flatMap((row) =>
    row.filter((cell, at): cell is number => columns[at]?.kind === 'count' && cell !== null),
  );
}

function countsInCsv(text: string): readonly number[] {
  const records = parse<Record<string, string>>(text, { columns: true });
  const names = ['installations', 'opt_outs', 'received', 'plausible', 'confirmed', 'qualified'];
  return records.flatMap((record) =>
    Object.entries(record)
      .filter(
        ([name, value]) => value !== '' && (names.includes(name) || name.startsWith('removed')),
      )
      .map(([, value]) => Number(value)),
  );
}

function countsInBadge(text: string): readonly number[] {
  return [...text.matchAll(/>(\d+)\+</g)].map(([, digits]) => Number(digits));
}

function countsInOverview(text: string): readonly number[] {
  const { periods } = JSON.parse(text) as { periods: Record<string, Record<string, unknown>> };
  return Object.values(periods).map(({ clusters }) => Number(clusters));
}

async function textOf(path: string): Promise<string> {
  const answer = await running.get(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

/** Every count of every exit, by exit. */
async function allCounts(): Promise<Map<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  for (const { paths, counts } of Object.values(EXITS))
    for (const path of paths) found.set(path, counts(await textOf(path)));
  return found;
}

/** Paths in Fastify's drawing of its routes, where each level is four characters deeper and adds to the one above. */
function routesOf(tree: string): readonly string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods] =
      /^([\s│├└─]*)(\S*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === '') return [];
    const depth = indent.length / 4;
    above.length = depth;
    above[depth] = (above[depth - 1] ?? '') + part;
    return methods === undefined ? [] : [above[depth] ?? ''];
  });
}

test('knows every route that there is', () => {
  const paths = routesOf(running.fastify.printRoutes({ commonPrefix: false }));
  const known = new Set([...Object.keys(EXITS), ...WITHOUT_FIGURES]);
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !known.has(path))).toEqual([]);
  expect([...known].filter((path) => !paths.includes(path))).toEqual([]);
});

describe('every exit', () => {
  test('tells no count below the least, and only multiples of it', async () => {
    const counts = await allCounts();
    expect([...counts.values()].flat().length).toBeGreaterThan(20);
    const bad = [...counts].filter(([, values]) =>
      values.some((value) => value !== 0 && (value < K || value % K !== 0)),
    );
    expect(bad).toEqual([]);
  });

  test('tells the counts that are large enough', async () => {
    const [ladder] = (
      JSON.parse(await textOf(`/api/projects/${project}/figures/ladder`)) as ApiFigure
    ).rows;
    // 37 were received, 33 of them on several days
    expect(ladder?.slice(0, 3)).toEqual([35, 35, 30]);
    expect(await textOf(`/api/projects/${project}/badge.svg?count=confirmed`)).toContain('30+');
  });

  test('names no version, feature or kind that too few use', async () => {
    for (const { paths } of Object.values(EXITS))
      for (const path of paths) {
        const text = await textOf(path);
        expect(text).not.toContain('v3.0.0-small');
        expect(text).not.toContain('"rare"');
        expect(text).not.toContain('secret');
      }
    const versions = await textOf(`/api/projects/${project}/figures/versions/csv`);
    expect(versions).toContain('v1.0.0');
    // 7 and 3: told alone, the 3 could be had by subtraction
    expect(versions).toContain('other');
  });

  test('does not let one large cluster be read off the overview', async () => {
    const { periods } = JSON.parse(await textOf(OVERVIEW)) as {
      periods: { month: Record<string, unknown> };
    };
    expect(periods.month).toMatchObject({
      clusters: 10,
      // 12 clusters with 3 each, the largest counted as 3 too, in steps of 15
      total_nodes: 30,
      total_tenants: 20,
      apps: { tenant: 20 },
    });
  });

  test('lets nobody subtract two successive days: one installation more changes nothing or five', async () => {
    const before = await allCounts();
    await rows.events([1, 2].map((daysAgo) => ({ installation: 'one more', daysAgo })));
    await rows.push('one more', 1, [
      ['cozy_cluster_info', '', 1],
      ['cozy_nodes_count', '', 8],
    ]);
    await vi.waitFor(
      async () => {
        const [ladder] = (
          JSON.parse(await textOf(`/api/projects/${project}/figures/ladder`)) as ApiFigure
        ).rows;
        // 37 and one
        expect(ladder?.[0]).toBe(35);
        expect(running.logged()).not.toContain('cannot be made');
      },
      { timeout: 5_000 },
    );
    const after = await allCounts();
    for (const [path, values] of after) {
      const earlier = before.get(path) ?? [];
      const changes = values.map((value, at) => Math.abs(value - (earlier[at] ?? 0)));
      expect([path, changes.filter((change) => change % K !== 0)]).toEqual([path, []]);
    }
  });
});
