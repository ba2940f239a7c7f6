import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue, type Catalogue } from '@rollcall/catalogue';
import {
  INSTALLATION_TABLES,
  queryParameters,
  readNamedQueries,
  refreshRollups,
  ROLLUPS,
} from '@rollcall/clickhouse';
import { testServers } from '@rollcall/testing';
import { storeOf, type SampleStore } from './access.ts';
import { fieldsOf, flagsOf, labelsOf, type Flagged } from './declared.fixture.ts';
import { hasSample, loadSample } from './load.ts';
import { ask, measureView, PUBLIC_VIEWS } from './measure.ts';
import { SAMPLE_PROJECT_NAMES } from './projects/sample-projects.ts';
import { removeSample } from './remove.ts';

const EVENTS = 200_000;
/** Rows that ClickHouse reads at least, of a table that has them. */
const GRANULE = 8192;
const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
const load = { events: EVENTS, seed: 1, endMs };

interface Steps {
  readonly received: number;
  readonly plausible: number;
  readonly confirmed: number;
  readonly qualified: number;
  readonly least: number;
}

const NAMES = SAMPLE_PROJECT_NAMES.map((name) => `'${name}'`).join(', ');

let store: SampleStore;
let catalogue: Catalogue;

function rows<Row>(query: string): Promise<Row[]> {
  return store.owner.rows<Row>(query);
}

/** A number that changes when any row does. */
async function fingerprint(): Promise<unknown> {
  const own = `project IN (${NAMES})`;
  // a hash of nothing known is nothing known: the one column that may be NULL is hashed as text
  return rows(
    `SELECT * FROM (
       SELECT 'events' AS source, count() AS count,
         toString(groupBitXor(cityHash64(* EXCEPT (properties, client_occurred_at), toJSONString(properties),
           ifNull(toString(client_occurred_at), 'none')))) AS sum
       FROM rollcall.events FINAL WHERE ${own}
       UNION ALL
       SELECT 'metric_samples' AS source, count() AS count,
         toString(groupBitXor(cityHash64(* EXCEPT (labels), mapKeys(labels), mapValues(labels)))) AS sum
       FROM rollcall.metric_samples FINAL WHERE ${own}
     ) ORDER BY source`,
  );
}

/** Real rows; the second is of nobody and in the same row of feature_days as a creation of the sample. */
async function insertReal(): Promise<void> {
  const [shared] = await rows<{ at: string; app_version: string }>(
    `SELECT toString(occurred_at) AS at, app_version FROM rollcall.events
     WHERE project = 'kamaji' AND event = 'create' ORDER BY occurred_at DESC LIMIT 1`,
  );
  const at = shared?.at ?? '';
  const row = {
    project: 'kamaji',
    dialect: 'kamaji',
    app_version: shared?.app_version,
    properties: {},
  };
  const times = { occurred_at: at, received_at: at, expires_at: '2036-01-01 00:00:00' };
  const real = [
    { ...row, ...times, event: 'stats', installation: 'ab'.repeat(16), event_id: randomUUID() },
    ...Array.from({ length: 256 }, () => ({
      ...{ ...row, ...times, event: 'create', installation: '' },
      event_id: randomUUID(),
    })),
  ];
  const lines = [Buffer.from(real.map((line) => `${JSON.stringify(line)}\n`).join(''))];
  expect(await store.owner.insertLines('events', lines, { token: randomUUID() })).toMatchObject({
    kind: 'ok',
  });
}

beforeAll(async () => {
  const { url, admin, sink, analyst } = testServers().clickhouse;
  store = storeOf(url, { admin, sink, analyst });
  catalogue = await loadCatalogue(join(import.meta.dirname, '../../catalogue'));
  // other files have sent real events of these projects, and a sink of theirs may have stored them
  for (const table of INSTALLATION_TABLES)
    await store.owner.command(`DELETE FROM rollcall.${table} WHERE project IN (${NAMES})`);
  await loadSample(store, load, () => undefined);
  await refreshRollups(store.owner);
});
afterAll(async () => {
  for (const table of INSTALLATION_TABLES)
    await store.owner.command(`DELETE FROM rollcall.${table} WHERE project IN (${NAMES})`);
  await refreshRollups(store.owner);
  await store.close();
});

describe('the sample', () => {
  it('has as many events as were asked for, of every project, within the year', async () => {
    const found = await rows<{ project: string; events: number; days: number }>(
      `SELECT project, count() AS events, dateDiff('day', min(received_at), max(received_at)) AS days
       FROM rollcall.events FINAL WHERE dialect = 'sample' GROUP BY project ORDER BY project`,
    );
    expect(found.map(({ project }) => project)).toEqual(SAMPLE_PROJECT_NAMES.toSorted());
    expect(found.map(({ project }) => project)).toEqual([...catalogue.projects.keys()].toSorted());
    expect(found.reduce((sum, { events }) => sum + events, 0)).toBe(EVENTS);
    for (const { days } of found) expect(days).toBeGreaterThan(355);
    const [pushed] = await rows<{ samples: number }>(
      `SELECT count() AS samples FROM rollcall.metric_samples FINAL WHERE project = 'cozystack'`,
    );
    expect(pushed?.samples).toBeGreaterThan(EVENTS * 0.05);
  });

  it('holds nothing that the catalogue does not name', async () => {
    const found = await rows<{ project: string; event: string; paths: string[] }>(
      `SELECT project, event, groupUniqArrayArray(JSONAllPaths(properties)) AS paths
       FROM rollcall.events WHERE dialect = 'sample' GROUP BY project, event`,
    );
    for (const { project, event, paths } of found)
      expect(fieldsOf(catalogue, project, event), `${project} ${event}`).toEqual(
        expect.arrayContaining(paths),
      );
    const metrics = await rows<{ name: string; labels: string[] }>(
      `SELECT name, groupUniqArrayArray(mapKeys(labels)) AS labels
       FROM rollcall.metric_samples WHERE project = 'cozystack' GROUP BY name`,
    );
    for (const { name, labels } of metrics)
      expect(labelsOf(catalogue, 'cozystack', name), name).toEqual(expect.arrayContaining(labels));
  });

  it('has the flags that the filters of the catalogue give', async () => {
    const found = await rows<Flagged>(
      `SELECT DISTINCT project, app_version, provider, is_ci, is_dev, is_fork
       FROM rollcall.events WHERE dialect = 'sample'`,
    );
    for (const row of found) {
      const { is_ci, is_dev, is_fork } = row;
      expect({ is_ci, is_dev, is_fork }, JSON.stringify(row)).toEqual(flagsOf(catalogue, row));
    }
    expect(
      new Set(found.flatMap(({ is_ci, is_dev, is_fork }) => [is_ci, is_dev, is_fork])),
    ).toEqual(new Set([0, 1]));
  });

  it('has installations on every step of the ladder', async () => {
    const steps = await rows<Steps>(
      `SELECT sum(l.received) AS received, sum(l.plausible) AS plausible, sum(l.confirmed) AS confirmed,
         sum(l.qualified) AS qualified, min(l.qualified) AS least
       FROM rollcall.ladder AS l WHERE project IN (${NAMES})`,
    );
    const [{ received, plausible, confirmed, qualified, least }] = steps as [Steps];
    expect(received).toBeGreaterThan(plausible);
    expect(plausible).toBeGreaterThan(confirmed);
    expect(confirmed).toBeGreaterThan(qualified);
    expect(least).toBeGreaterThan(0);
  });

  it.each(SAMPLE_PROJECT_NAMES)('has installations of %s that come and go', async (project) => {
    const [kept] = await rows<{ share: number }>(
      `SELECT sumIf(installations, week = 4) / sumIf(installations, week = 0) AS share
       FROM rollcall.retention_weekly WHERE project = '${project}' AND cohort < today() - 40`,
    );
    expect(kept?.share).toBeGreaterThan(0.05);
    expect(kept?.share).toBeLessThan(0.9);
  });

  it.each(SAMPLE_PROJECT_NAMES)('has versions of %s that spread', async (project) => {
    const versions = await rows<{ latest: string }>(
      `SELECT argMax(app_version, installations) AS latest FROM rollcall.versions_daily
       WHERE project = '${project}' AND app_version != '' GROUP BY toStartOfMonth(day)`,
    );
    expect(new Set(versions.map(({ latest }) => latest)).size).toBeGreaterThan(3);
  });

  it('is not loaded twice', async () => {
    await expect(loadSample(store, load, () => undefined)).rejects.toThrow('--remove');
  });
});

/** Tables that ClickHouse says it would read. */
async function tablesOf(query: string, parameters = {}): Promise<string[]> {
  const plan = await store.owner.rows<{ explain: string }>(`EXPLAIN ${query}`, parameters);
  return plan.flatMap(({ explain }) => {
    const [, table] = /ReadFromMergeTree \(rollcall\.(\w+)\)/.exec(explain) ?? [];
    return table === undefined ? [] : [table];
  });
}

describe('a question about metrics', () => {
  const questions = readNamedQueries(join(import.meta.dirname, '../../deploy/clickhouse/queries'))
    .filter(({ name }) => name.startsWith('cozystack-'))
    .map((query) => [query.name, query] as const);

  it.each(questions)('%s reads the days it asks for, and no sample', async (_, query) => {
    const parameters = (days: object) => queryParameters(query, { ...days }, endMs);
    expect(await tablesOf(query.sql, parameters({}))).toEqual(['metric_days']);
    // whole granules are read, and a month of this sample is hardly more than one: other projects may be in it
    const [all] = await rows<{ days: number; samples: number }>(
      `SELECT (SELECT count() FROM rollcall.metric_days) AS days,
         (SELECT count() FROM rollcall.metric_samples WHERE project = 'cozystack') AS samples`,
    );
    const month = await ask(store, query.sql, parameters({}));
    const year = await ask(store, query.sql, parameters({ from: '-364d' }));
    expect(month.readRows).toBeGreaterThan(0);
    expect(month.readRows).toBeLessThan(year.readRows);
    expect(year.readRows).toBeLessThanOrEqual(all?.days ?? 0);
    expect(all?.days).toBeLessThan(all?.samples ?? 0);
  });
});

describe('a view asked for one project', () => {
  /** Rows of a project in some tables. */
  async function rowsOf(tables: readonly string[]): Promise<number> {
    const counts = await Promise.all(
      tables.map((table) =>
        rows<{ count: number }>(
          `SELECT count() AS count FROM rollcall.${table} WHERE project = 'kusk'`,
        ),
      ),
    );
    return counts.flat().reduce((sum, { count }) => sum + count, 0);
  }

  it.each(PUBLIC_VIEWS)(
    '%s reads no raw table, and of the others only that project',
    async (view) => {
      const tables = await tablesOf(`SELECT * FROM rollcall.${view} WHERE project = 'kusk'`);
      expect(tables.length).toBeGreaterThan(0);
      expect(ROLLUPS).toEqual(expect.arrayContaining(tables));
      const { readRows, rows: answered } = await measureView(store, view, 'kusk', 1);
      expect(answered).toBeGreaterThan(0);
      expect(readRows).toBeGreaterThan(0);
      // whole granules are read, one more at each end of each part
      const parts = await rows<{ count: number }>(
        `SELECT count() AS count FROM system.parts WHERE active AND database = 'rollcall'
         AND table IN (${tables.map((table) => `'${table}'`).join(', ')})`,
      );
      expect(readRows).toBeLessThanOrEqual(
        (await rowsOf(tables)) + 2 * GRANULE * (parts[0]?.count ?? 0),
      );
      expect(readRows).toBeLessThan(EVENTS);
    },
  );
});

describe('the removal', () => {
  it('leaves nothing of the sample and all of the rest, and the same can be loaded again', async () => {
    const before = await fingerprint();
    await insertReal();
    await removeSample(store, () => undefined);
    expect(await hasSample(store)).toBe(false);
    expect(await fingerprint()).toEqual([
      expect.objectContaining({ source: 'events', count: 257 }),
      { source: 'metric_samples', count: 0, sum: '0' },
    ]);
    expect(
      await rows(
        `SELECT event, sum(length(event_ids)) AS events FROM rollcall.feature_days FINAL
         WHERE project IN (${NAMES}) GROUP BY event ORDER BY event`,
      ),
    ).toEqual([
      { event: 'create', events: 256 },
      { event: 'stats', events: 1 },
    ]);
    for (const table of ['metric_days', 'metric_months'])
      expect(
        await rows(`SELECT 1 FROM rollcall.${table} WHERE project IN (${NAMES}) LIMIT 1`),
      ).toEqual([]);
    await store.owner.command(`DELETE FROM rollcall.events WHERE project = 'kamaji'`);
    await loadSample(store, load, () => undefined);
    expect(await fingerprint()).toEqual(before);
  }, 300_000);
});
