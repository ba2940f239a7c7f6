import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../replay/analyst.ts';
import { countNow } from './count-now.ts';
import { ErasureClient, until, type Status } from './erasure-client.ts';
import { pidOf } from '../stack/pid-of.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-erasure-'));
const push = readFileSync(new URL('../fixtures/pages/cozystack-operator.txt', import.meta.url));
const ERASED = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0001';
const OTHER = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0002';
const THIRD = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0004';
const KUSK_USER = '5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1f0003';
const FORM = 'application/x-www-form-urlencoded';
let stack: RollcallStack;
let client: ErasureClient;

beforeAll(async () => {
  stack = await startRollcall({
    dataDir,
    serviceEnvironment: {
      gateway: { GATEWAY_RATE_ERASURE_BURST: '6', GATEWAY_TRUSTED_PROXY_HOPS: '1' },
      anonymizer: {},
      sink: {
        SINK_ERASURE_EVERY_MS: '300',
        SINK_ERASURE_VERIFY_AFTER_MS: '1500',
        SINK_ERASURE_SWEEP_EVERY_MS: '1000',
      },
    },
  });
  client = new ErasureClient(stack.urlOf('gateway'));
});
afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const rows = <Row>(query: string, login = stack.credentials.clickhouse.analyst): Promise<Row[]> => {
  return ask<Row>({ url: stack.backends.clickhouse.url, login }, query);
};

async function counts(): Promise<unknown> {
  await countNow(stack);
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

test('rows of an installation go, those of another stay, and the receipt has the numbers', async () => {
  await pushAs(OTHER);
  await until(async () => (await countOf('metric_samples')) > 0, 'the other push');
  const without = await counts();
  const samples = await countOf('metric_samples');
  await pushAs(ERASED);
  await until(async () => (await countOf('metric_samples')) === 2 * samples, 'both pushes');

  const receipt = await client.erase('cozystack', ERASED);
  const { status, rows: erased } = await client.verified('cozystack', receipt);

  expect(status).toBe('verified');
  expect(erased).toEqual({
    events: 1,
    metric_samples: samples,
    // one push, in which no two samples are of one series
    metric_days: samples,
    metric_months: samples,
    // counted once a minute: it may not have been there yet
    installation_facts: expect.toBeOneOf([0, 1]) as number,
    installation_days: 1,
    feature_days: 1,
  });
  expect(await counts()).toEqual(without);
});

test('an unknown identifier gets the same answer, and a verified receipt without rows', async () => {
  await track('m-0', new Date().toISOString());
  await until(async () => (await countOf('events', 'kusk')) === 1, 'the event');
  const ask = async (id: string) => {
    const answer = await client.post('kusk', JSON.stringify({ installation_id: id }));
    return { answer, body: (await answer.json()) as Status };
  };
  const unknown = await ask('5b1d0a52-6c0a-4d0e-9d3e-7d0c6a1fffff');
  const known = await ask(KUSK_USER);
  const shapeOf = ({ answer, body }: typeof known) => ({
    status: answer.status,
    headers: [...answer.headers.keys()].toSorted(),
    type: answer.headers.get('content-type'),
    length: answer.headers.get('content-length'),
    keys: Object.keys(body),
    receiptLength: body.receipt.length,
  });
  expect(shapeOf(unknown)).toEqual(shapeOf(known));
  expect(known).toMatchObject({ answer: { status: 202 } });
  const found = await client.verified('kusk', known.body.receipt);
  expect(found.rows['events']).toBe(1);
  const nothing = await client.verified('kusk', unknown.body.receipt);
  expect(Object.keys(nothing)).toEqual(Object.keys(found));
  expect(Object.keys(nothing.rows)).toEqual(Object.keys(found.rows));
  expect(Object.values(nothing.rows).every((count) => count === 0)).toBe(true);
});

test('a late retry never gets in, and neither does what is sent anew', async () => {
  await track('m-0', new Date(Date.now() - 3_600_000).toISOString());
  await track('m-1', new Date().toISOString());
  const kept = async () =>
    /^sink_rows_kept_out_total\{table="events"\} 2$/m.test(
      await (await fetch(`${stack.urlOf('sink')}/metrics`)).text(),
    );
  await until(kept, 'both events being kept out');
  expect(await countOf('events', 'kusk')).toBe(0);
});

test('rows that came in all the same are found and deleted', async () => {
  const admin = stack.credentials.clickhouse.admin;
  await rows(
    `INSERT INTO rollcall.installation_days (project, installation, day, expires_at)
     SELECT project, pseudonym, today(), now() + 86400 FROM rollcall.tombstones WHERE project = 'kusk'`,
    admin,
  );
  expect(await countOf('installation_days', 'kusk')).toBeGreaterThan(0);
  await until(async () => (await countOf('installation_days', 'kusk')) === 0, 'the sweep');
});

test('a sink that is killed in the middle finishes after its restart', async () => {
  const receipt = await client.erase('cozystack', OTHER);
  process.kill(pidOf(stack.pids(), 'sink'), 'SIGKILL');
  const { rows: erased } = await client.verified('cozystack', receipt);
  expect(erased['events']).toBe(1);
  expect(await countOf('events')).toBe(0);
});

test('no identifier is in ClickHouse', async () => {
  const found = await rows<{ n: number }>(
    `SELECT count() AS n FROM rollcall.erasure_orders
     WHERE arrayExists(p -> p IN ('${ERASED}', '${OTHER}', '${KUSK_USER}'), pseudonyms) OR NOT match(pseudonyms[1], '^[0-9a-f]{32}$')`,
    stack.credentials.clickhouse.admin,
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
  const answer = await client.post('sveltos', body, { 'content-type': 'application/json' });
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
  writeFileSync(file, `${THIRD}\n`);
  await pushAs(THIRD);
  await until(async () => (await countOf('events')) === 1, 'the push');
  const bin = fileURLToPath(new URL('../../apps/cli/bin/rollcall.mjs', import.meta.url));
  const args = [bin, 'erase', 'cozystack', '--installation-file', file, '--wait'];
  const env = { ...stack.environmentOf('gateway'), ROLLCALL_GATEWAY_URL: stack.urlOf('gateway') };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toMatch(/^[0-9a-f]{48}\n$/);
  expect(stderr).toContain('verified. events 1');
  expect(await countOf('events')).toBe(0);
});

test('a person without JavaScript is led from the page to the receipt', async () => {
  const page = `${stack.urlOf('gateway')}/p/sveltos/privacy`;
  const html = await (await fetch(page, { headers: { accept: 'text/html' } })).text();
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(html) ?? [];
  const sent = await fetch(new URL(action, page), {
    method: 'POST',
    body: 'installation_id=+some-cluster+',
    redirect: 'manual',
    headers: { 'content-type': FORM },
  });
  expect(sent.status).toBe(303);
  const receipt = new URL(sent.headers.get('location') ?? '', sent.url);
  expect(receipt.pathname).toMatch(/^\/p\/sveltos\/erasures\/[0-9a-f]{48}$/);
  const asHtml = () => fetch(receipt, { headers: { accept: 'text/html' } });
  const text = async () => (await asHtml()).text();
  const first = await asHtml();
  expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(first.headers.get('cache-control')).toBe('no-store');
  await until(async () => (await text()).includes('Erasure: verified'), 'the receipt');
  const verified = await text();
  expect(verified).toContain('<th scope="row">feature_days</th><td data-label="Rows">0</td>');
  expect(verified).not.toContain('http-equiv="refresh"');
  expect(verified + html).not.toContain('some-cluster');
});

test('a person whose form is refused gets a page, too', async () => {
  const answer = await client.post('sveltos', 'installation_id=', { 'content-type': FORM });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await answer.text()).toContain('1 to 512 bytes');
});

test('the secret of receipts is for the owner alone, and the gateway has it', () => {
  const file = join(dataDir, 'receipt-key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(stack.environmentOf('gateway')['GATEWAY_RECEIPT_KEY_FILE']).toBe(file);
});

test.each(['0', 'f'.repeat(48), "x'--"])('says nothing about the receipt %s', async (receipt) => {
  const answer = await fetch(
    `${stack.urlOf('gateway')}/p/kusk/erasures/${encodeURIComponent(receipt)}`,
  );
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'GW_RECEIPT_UNKNOWN' });
});

test('the time of the answer does not tell whether an identifier is known', async () => {
  const known: number[] = [];
  const unknown: number[] = [];
  const time = async (times: number[], id: string): Promise<void> => {
    const startedAt = performance.now();
    await client.erase('kusk', id);
    times.push(performance.now() - startedAt);
  };
  for (let i = 0; i < 15; i += 1) {
    await time(known, KUSK_USER);
    await time(unknown, `nobody-${i}`);
  }
  const median = (times: number[]): number => times.toSorted((a, b) => a - b)[7] ?? 0;
  // far below what counting or deleting its rows takes
  expect(Math.abs(median(known) - median(unknown))).toBeLessThan(25);
});
