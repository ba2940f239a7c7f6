import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { testServers } from '@rollcall/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type RunningGateway } from '../gateway.fixture.ts';

/** Faults that broke other collectors, each against a gateway with the settings it ships with. */
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway({ KAFKA_BROKERS: testServers().brokers.join(',') });
});
afterAll(() => gateway.app.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(gateway.url + path, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}

interface DryRun {
  readonly stored: readonly Record<string, unknown>[];
}

async function wouldStore(
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<DryRun['stored']> {
  const { text } = await post(path, body, { ...headers, 'rollcall-dry-run': '1' });
  return (JSON.parse(text) as DryRun).stored;
}

const BOMB = Buffer.alloc(64 * 1_048_576, 0x20);

test.each([
  ['gzip', gzipSync(BOMB)],
  ['deflate', deflateSync(BOMB)],
  ['deflate', deflateRawSync(BOMB)],
  ['br', brotliCompressSync(BOMB)],
  ['zstd', zstdCompressSync(BOMB)],
])('answers 413 to 64 MiB of blanks in %s', async (encoding, body) => {
  const { status, text } = await post('/p/kamaji/events', body, { 'content-encoding': encoding });
  expect(status).toBe(413);
  expect(text).toContain('GW_BODY_TOO_LARGE');
});

test('answers 413 to a gzip bomb that no header announces, as posthog-js sends gzip', async () => {
  const { status } = await post('/p/glasskube/e/', gzipSync(BOMB));
  expect(status).toBe(413);
});

test('answers 413 to a body of 11 MB instead of a 200 for what was thrown away', async () => {
  const { status } = await post('/p/cozystack', 'cozy_nodes_count 1\n'.repeat(580_000), {
    'x-cluster-id': 'c-1',
  });
  expect(status).toBe(413);
});

test('takes the cluster from the header alone, whatever a label says or forges', async () => {
  const forged = [
    'cozy_nodes_count{os="x\\",cluster_id=\\"victim",kernel="6.6.64-talos"} 3',
    'cozy_nodes_count{cluster_id="victim",os="linux",kernel="6.6.64-talos"} 3',
  ].join('\n');
  const header = { 'x-cluster-id': '3f2a1c9e-7b64-4d0a-9a1e-5c8d2f7b6e10' };
  const stored = await wouldStore('/p/cozystack', forged, header);
  expect(stored.length).toBeGreaterThan(0);
  expect(JSON.stringify(stored)).not.toContain('victim');
  expect(JSON.stringify(stored)).not.toContain('cluster_id');
  expect(new Set(stored.map(({ installation }) => installation)).size).toBe(1);
});

test('never asks for an address that an event names', async () => {
  let requestCount = 0;
  const server = createServer((_request, response) => {
    requestCount += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`;
  const event = {
    event: 'stats',
    installation_id: 'i',
    properties: { $schema: url, kamaji_version: url },
  };
  expect((await post('/p/kamaji/events', JSON.stringify(event))).status).toBe(200);
  await post('/p/kamaji/events', JSON.stringify({ $schema: url, ...event }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  server.close();
  expect(requestCount).toBe(0);
});

test.each([
  ['2038-01-19T03:14:07Z', '+'],
  ['1970-01-01T00:00:00Z', '-'],
])('clamps a clock that says %s and keeps both times', async (occurredAt) => {
  const event = { event: 'stats', installation_id: 'i', occurred_at: occurredAt };
  const [row] = await wouldStore('/p/kamaji/events', JSON.stringify(event));
  expect(String(row?.['client_occurred_at'])).toContain(occurredAt.slice(0, 10));
  const offHours = (a: unknown, b: unknown): number =>
    Math.abs(Date.parse(`${String(a)}Z`) - Date.parse(`${String(b)}Z`)) / 3_600_000;
  expect(offHours(row?.['occurred_at'], row?.['received_at'])).toBeLessThanOrEqual(24 * 366);
  expect(String(row?.['occurred_at'])).not.toContain(occurredAt.slice(0, 10));
});

test('never lets the address of a client into what is stored, whatever headers carry it', async () => {
  const forged = '203.0.113.77';
  const headers = {
    'x-forwarded-for': forged,
    forwarded: `for=${forged}`,
    'x-real-ip': forged,
    'cf-connecting-ip': forged,
    cookie: `session=${forged}`,
    referer: `http://${forged}/`,
  };
  const body = JSON.stringify({ event: 'stats', installation_id: 'i' });
  expect(JSON.stringify(await wouldStore('/p/kamaji/events', body, headers))).not.toContain(forged);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).not.toContain(forged);
});

test('says what would be kept without a key when the project is named', async () => {
  const body = JSON.stringify({
    type: 'track',
    event: 'kusk-cli',
    anonymousId: 'a',
    messageId: 'm',
    properties: { event: 'dashboard' },
  });
  expect((await post('/p/kusk/v1/track', body)).status).toBe(401);
  expect(await wouldStore('/p/kusk/v1/track', body)).toHaveLength(1);
});

test('counts an opt-out and stores nothing else of the request', async () => {
  const answer = await post('/p/kusk/opt-out', JSON.stringify({ user: 'jane@example.org' }));
  expect(answer).toMatchObject({ status: 200, text: '{"counted":1}' });
});
