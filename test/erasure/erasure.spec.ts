import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../replay/analyst.ts';

interface Status {
  readonly receipt: string;
  readonly status: string;
  readonly rows: Readonly<Record<string, number>>;
}

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-erasure-'));
const push = readFileSync(new URL('../fixtures/pages/cozystack-operator.txt', import.meta.url));
const ERASED = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0001';
const OTHER = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0002';
const KUSK_USER = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0003';
let stack: RollcallStack;

beforeAll(async () => {
  stack = await startRollcall({
    dataDir,
    serviceEnvironment: {
      gateway: { GATEWAY_RATE_ERASURE_BURST: '6', GATEWAY_TRUSTED_PROXY_HOPS: '1' },
      anonymizer: {},
      sink: { SINK_ERASURE_EVERY_MS: '300', SINK_ERASURE_VERIFY_AFTER_MS: '1500' },
    },
  });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const rows = <Row>(query: string): Promise<Row[]> => {
  const login = stack.credentials.clickhouse.analyst;
  return ask<Row>({ url: stack.backends.clickhouse.url, login }, query);
};

async function counts(): Promise<unknown> {
  return rows(
    `SELECT * FROM (
       SELECT 'events' AS t, project, installation, count() AS n FROM rollcall.events FINAL GROUP BY ALL
       UNION ALL
       SELECT 'samples' AS t, project, installation, count() AS n FROM rollcall.metric_samples FINAL GROUP BY ALL
       UNION ALL
       SELECT 'installations' AS t, project, installation, events AS n FROM rollcall.installations
     ) ORDER BY ALL`,
  );
}

async function countOf(table: string, project = 'cozystack'): Promise<number> {
  const [row] = await rows<{ n: number }>(
    `SELECT count() AS n FROM rollcall.${table} FINAL WHERE project = '${project}'`,
  );
  return row?.n ?? 0;
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 40_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not seen in time: ${what}`);
    await sleep(150);
  }
}

async function pushAs(cluster: string): Promise<void> {
  const answer = await fetch(`${stack.urlOf('gateway')}/p/cozystack/`, {
    method: 'POST',
    body: push,
    headers: { 'content-type': 'text/plain', 'x-cluster-id': cluster },
  });
  expect(answer.ok).toBe(true);
}

async function track(messageId: string, timestamp: string): Promise<void> {
  const key = stack.credentials.projects.kusk.write_key;
  const answer = await fetch(`${stack.urlOf('gateway')}/p/kusk/v1/track`, {
    method: 'POST',
    body: JSON.stringify({
      anonymousId: KUSK_USER,
      event: 'kusk',
      messageId,
      timestamp,
      properties: { message: 'reconciling API' },
    }),
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    },
  });
  expect(answer.status).toBe(200);
}

function post(project: string, body: string, type = 'application/json'): Promise<Response> {
  return fetch(`${stack.urlOf('gateway')}/p/${project}/erasures`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { 'content-type': type },
  });
}

async function erase(project: string, id: string): Promise<string> {
  const answer = await post(project, JSON.stringify({ installation_id: id }));
  expect(answer.status).toBe(202);
  return ((await answer.json()) as Status).receipt;
}

async function statusOf(project: string, receipt: string): Promise<Status> {
  const answer = await fetch(`${stack.urlOf('gateway')}/p/${project}/erasures/${receipt}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Status;
}

async function verified(project: string, receipt: string): Promise<Status> {
  const isVerified = async () => (await statusOf(project, receipt)).status === 'verified';
  await until(isVerified, `erasure in ${project}`);
  return statusOf(project, receipt);
}

test('rows of an installation go, those of another stay, and the receipt has the numbers', async () => {
  await pushAs(OTHER);
  await until(async () => (await countOf('metric_samples')) > 0, 'the other push');
  const without = await counts();
  const samples = await countOf('metric_samples');
  await pushAs(ERASED);
  await until(async () => (await countOf('metric_samples')) === 2 * samples, 'both pushes');

  const receipt = await erase('cozystack', ERASED);
  const { status, rows: erased } = await verified('cozystack', receipt);

  expect(status).toBe('verified');
  expect(erased).toEqual({ events: 1, metric_samples: samples });
  expect(await counts()).toEqual(without);
});

test('an unknown identifier gets the same answer, and a verified receipt without rows', async () => {
  const answer = await post('kamaji', '{"installation_id":"never seen"}');
  expect(answer.status).toBe(202);
  const body = (await answer.json()) as Status;
  expect(Object.keys(body)).toEqual(['receipt']);
  const { rows: erased } = await verified('kamaji', body.receipt);
  expect(Object.values(erased).every((count) => count === 0)).toBe(true);
});

test('a late retry is deleted again, and what is sent anew counts as new', async () => {
  const before = new Date().toISOString();
  await track('m-1', before);
  await until(async () => (await countOf('events', 'kusk')) === 1, 'the event');
  const { rows: erased } = await verified('kusk', await erase('kusk', KUSK_USER));
  expect(erased['events']).toBe(1);
  const late = async () =>
    /^sink_erasure_late_rows_total [1-9]/m.test(
      await (await fetch(`${stack.urlOf('sink')}/metrics`)).text(),
    );
  await track('m-2', before);
  await until(late, 'the sweep');
  expect(await countOf('events', 'kusk')).toBe(0);
  await track('m-3', new Date().toISOString());
  await until(async () => (await countOf('events', 'kusk')) === 1, 'the new event');
});

test('a sink that is killed in the middle finishes after its restart', async () => {
  const receipt = await erase('cozystack', OTHER);
  process.kill(stack.pids()['sink'] ?? 0, 'SIGKILL');
  const { rows: erased } = await verified('cozystack', receipt);
  expect(erased['events']).toBe(1);
  expect(await countOf('events')).toBe(0);
});

test('no identifier is in ClickHouse', async () => {
  const found = await rows<{ n: number }>(
    `SELECT count() AS n FROM rollcall.erasure_orders
     WHERE arrayExists(p -> p IN ('${ERASED}', '${OTHER}', '${KUSK_USER}'), pseudonyms) OR NOT match(pseudonyms[1], '^[0-9a-f]{32}$')`,
  );
  expect(found).toEqual([{ n: 0 }]);
});

test.each([
  ['nothing', '', 'GW_BODY_EMPTY'],
  ['half a text', '{', 'GW_BODY_NOT_JSON'],
  ['no identifier', '{}', 'GW_BODY_SHAPE'],
  ['an empty one', '{"installation_id":""}', 'GW_BODY_SHAPE'],
  ['a number', '{"installation_id":5}', 'GW_BODY_SHAPE'],
  ['another key', '{"installation_id":"a","all":true}', 'GW_BODY_SHAPE'],
  ['a long one', JSON.stringify({ installation_id: 'a'.repeat(513) }), 'GW_BODY_SHAPE'],
  ['a large body', JSON.stringify({ installation_id: 'a'.repeat(5_000) }), 'GW_BODY_TOO_LARGE'],
])('refuses %s', async (_, body, code) => {
  const answer = await post('sveltos', body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await answer.json()).toMatchObject({ code });
});

test('an address may ask a few times only, and another still may', async () => {
  const from = (address: string): Promise<number> =>
    fetch(`${stack.urlOf('gateway')}/p/glasskube/erasures`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-forwarded-for': address },
    }).then(({ status }) => status);
  const statuses: number[] = [];
  for (let i = 0; i < 7; i += 1) statuses.push(await from('192.0.2.1'));
  expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 429]);
  expect(await from('192.0.2.2')).toBe(400);
});

test('the command line follows an erasure to its end', async () => {
  const file = join(dataDir, 'installation.txt');
  writeFileSync(file, `${KUSK_USER}\n`);
  const bin = fileURLToPath(new URL('../../apps/cli/bin/rollcall.mjs', import.meta.url));
  const args = [bin, 'erase', 'kusk', '--installation-file', file, '--wait'];
  const env = { ...stack.environmentOf('gateway'), ROLLCALL_GATEWAY_URL: stack.urlOf('gateway') };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toMatch(/^[0-9a-f]{48}\n$/);
  expect(stderr).toContain('verified. events 1');
  expect(await countOf('events', 'kusk')).toBe(0);
});

test('a form leads to the receipt', async () => {
  const type = 'application/x-www-form-urlencoded';
  const answer = await post('sveltos', 'installation_id=+some-cluster+', type);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toMatch(/^\/p\/sveltos\/erasures\/[0-9a-f]{48}$/);
});

test.each(['0', 'f'.repeat(48), "x'--"])('says nothing about the receipt %s', async (receipt) => {
  const answer = await fetch(
    `${stack.urlOf('gateway')}/p/kusk/erasures/${encodeURIComponent(receipt)}`,
  );
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'GW_RECEIPT_UNKNOWN' });
});
