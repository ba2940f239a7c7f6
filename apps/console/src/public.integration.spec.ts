import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '@rollcall/testing';
import type { ApiFigure } from './api.ts';
import { installations, ProjectRows } from './console-rows.fixture.ts';
import { projectLike, startConsole, type RunningConsole } from './console.fixture.ts';

const many = uniqueName('many');
const lone = uniqueName('lone');
const empty = uniqueName('empty');
const VERSIONS = 20_000;
const ODD = ['=cmd|x', "v1'; DROP", '<img src=x onerror=alert(1)>', '🙂🙂', '","'];

let rows: ProjectRows;
let loneRows: ProjectRows;
let running: RunningConsole;

beforeAll(async () => {
  rows = new ProjectRows(many);
  loneRows = new ProjectRows(lone);
  await rows.events([
    ...installations(VERSIONS, 'i').map((installation, index) => ({
      installation,
      daysAgo: 1,
      version: `v0.0.${index}`,
    })),
    ...ODD.flatMap((version, at) =>
      installations(6 + at, version).map((installation) => ({ installation, daysAgo: 1, version })),
    ),
  ]);
  await loneRows.events([{ installation: 'alone', daysAgo: 1 }]);
  running = await startConsole([
    await projectLike('kusk', { project: many }),
    await projectLike('kusk', { project: lone }),
    await projectLike('kusk', { project: empty }),
  ]);
});
afterAll(async () => {
  await Promise.all([running.close(), rows.close(), loneRows.close()]);
});

async function figure(project: string, id: string): Promise<ApiFigure> {
  const answer = await running.get(`/api/projects/${project}/figures/${id}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as ApiFigure;
}

describe('a project', () => {
  test.each([empty, lone])(
    'without much to tell has its pages all the same: %s',
    async (project) => {
      expect((await running.get(`/projects/${project}`)).status).toBe(200);
      const page = await (await running.get(`/projects/${project}/privacy`)).text();
      expect(page).toContain('<h1>');
      // nobody has said where people reach the gateway
      expect(page).not.toContain('To the form for erasure');
      for (const id of ['active', 'versions', 'retention', 'features', 'opt-outs'])
        expect((await figure(project, id)).rows.flat().filter(Number.isInteger)).toEqual([]);
      const badge = await (await running.get(`/api/projects/${project}/badge.svg`)).text();
      expect(badge).toContain('under 5');
    },
  );

  test('with a version for each of its installations names none of them', async () => {
    const { rows: told } = await figure(many, 'versions');
    expect(told.length).toBeLessThanOrEqual(ODD.length + 1);
    // 20,000 that nobody shares, in one row
    expect(told.at(-1)?.slice(1)).toEqual(['other', VERSIONS]);
    expect(JSON.stringify(told)).not.toContain('v0.0.');
  });

  test('keeps odd names whole in JSON, and harmless in CSV and in a badge', async () => {
    const names = (await figure(many, 'versions')).rows.map(([, version]) => version);
    expect(names).toEqual(expect.arrayContaining(ODD));
    const csv = await (await running.get(`/api/projects/${many}/figures/versions/csv`)).text();
    // a spreadsheet runs what begins with =
    expect(csv).toContain("'=cmd|x");
    expect(csv).not.toMatch(/(^|,)=cmd/m);
    expect(csv.trim().split('\r\n')).toHaveLength(ODD.length + 2);
  });

  test.each([
    ['/projects/nobody', 'CO_PROJECT_UNKNOWN'],
    ['/api/projects/nobody', 'CO_PROJECT_UNKNOWN'],
    ['/api/projects/__proto__', 'CO_PROJECT_UNKNOWN'],
    [`/api/projects/${empty}/figures/nothing`, 'CO_FIGURE_UNKNOWN'],
    [`/api/projects/${empty}/badge.svg?count=all`, 'CO_PARAMETER'],
    [`/api/projects/${empty}/badge.svg?count=all&count=more`, 'CO_PARAMETER'],
    ['/api/nothing', 'CO_PATH_UNKNOWN'],
    ['/assets/..%2f..%2fpackage.json', 'CO_PATH_UNKNOWN'],
  ])('that is asked for wrongly is answered with a code: %s', async (path, code) => {
    const answer = await running.get(path);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code, status: answer.status });
  });
});

describe('every answer', () => {
  test.each(['/', `/projects/${empty}`, '/api/projects', '/assets/app.js', '/health/live', '/x'])(
    'says what a page may do: %s',
    async (path) => {
      const { headers } = await running.get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe-eval');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );
});

describe('the overview', () => {
  test.each([
    ['', 'year and month query parameters are required'],
    ['?year=2026', 'year and month query parameters are required'],
    ['?year=2023&month=1', 'invalid year parameter'],
    ['?year=2026&month=13', 'invalid month parameter'],
    ['?year=2026&month=0', 'invalid month parameter'],
    ["?year=2026'&month=1", 'invalid year parameter'],
  ])('answers %s as Cozystack’s server does', async (query, error) => {
    const answer = await running.get(`/api/overview${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toEqual({ error });
  });

  test('has its shape without any cluster', async () => {
    const answer = await running.get('/api/overview?year=2030&month=04');
    const nothing = {
      label: 'April 2030',
      start: '2030-04-01',
      end: '2030-04-30',
      clusters: 0,
      total_nodes: 0,
      avg_nodes_per_cluster: 0,
      total_tenants: 0,
      avg_tenants_per_cluster: 0,
      apps: {},
    };
    expect(await answer.json()).toEqual({
      generated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      periods: { month: nothing, quarter: nothing, year: nothing },
    });
  });
});

describe('while ClickHouse is away', () => {
  test('pages and what they are made of stay, and a figure says what is missing', async () => {
    const away = await startConsole([await projectLike('kusk', { project: empty })], {
      CLICKHOUSE_URL: 'http://127.0.0.1:1',
      CONSOLE_OVERVIEW_PROJECT: empty,
    });
    try {
      expect((await away.get(`/projects/${empty}`)).status).toBe(200);
      expect((await away.get(`/projects/${empty}/privacy`)).status).toBe(200);
      const project = (await (await away.get(`/api/projects/${empty}`)).json()) as {
        figures: unknown[];
      };
      expect(project.figures).toHaveLength(6);
      const figureAnswer = await away.get(`/api/projects/${empty}/figures/active`);
      expect(figureAnswer.status).toBe(503);
      expect(figureAnswer.headers.get('retry-after')).toBe('5');
      expect(await figureAnswer.json()).toMatchObject({ code: 'CO_STORE_AWAY' });
      expect((await away.get('/api/overview?year=2026&month=4')).status).toBe(503);
      expect((await away.get('/health/ready')).status).toBe(200);
    } finally {
      await away.close();
    }
  });
});
