import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { INSTALLATION_TABLES } from '@rollcall/clickhouse';
import { GROUPS, TOPICS } from '@rollcall/contracts-transport';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { createKafka } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../bad-input/client.ts';
import { wiresOf, type Sent, type Wire } from '../bad-input/wires.ts';
import { startExtra, type ExtraService } from '../fault/extra-service.ts';
import { readLogs, readMetrics, readTables, readTopic } from '../privacy/haystacks.ts';
import { ask } from '../replay/analyst.ts';
import { countNow } from './count-now.ts';
import { ErasureClient, until, type Status } from './erasure-client.ts';

/** What the installation of a wire calls itself, by the id that its events are made with. */
const IDENTIFIERS: Readonly<Record<string, (id: string) => string>> = {
  native: (id) => `i-${id}`,
  segment: (id) => `a-${id}`,
  posthog: (id) => `d-${id}`,
};
/** Columns that a replay may change in the row of whoever stays: where its raw record was. */
const COORDINATES = ['raw_partition', 'raw_offset', 'raw_index'];

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-never-'));
const ids = new Map<string, { readonly staying: string; readonly erased: string }>();
let stack: RollcallStack;
let second: ExtraService;
let wires: readonly Wire[];
let client: ErasureClient;
let sender: Client;
/** What every table and view answered before there was an installation to erase. */
let never: Record<string, unknown>;
const receipts: Status[] = [];

beforeAll(async () => {
  stack = await startRollcall({
    dataDir,
    serviceEnvironment: {
      gateway: { GATEWAY_RATE_ERASURE_PER_SECOND: '0' },
      anonymizer: {},
      // the sweep would hide a row that got in: it is not to run again here
      sink: {
        SINK_ERASURE_EVERY_MS: '300',
        SINK_ERASURE_VERIFY_AFTER_MS: '1500',
        SINK_ERASURE_SWEEP_EVERY_MS: '3600000',
      },
    },
  });
  second = await startExtra(stack, 'sink', join(dataDir, 'logs', 'second-sink.log'));
  const { kusk, glasskube } = stack.credentials.projects;
  wires = wiresOf({ kusk: kusk.write_key, glasskube: glasskube.api_key });
  for (const { dialect } of wires)
    ids.set(dialect, { staying: randomUUID(), erased: randomUUID() });
  client = new ErasureClient(stack.urlOf('gateway'));
  sender = new Client(stack.urlOf('gateway'));
});
afterAll(async () => {
  sender.close();
  second.end();
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const idsOf = ({ dialect }: Wire) => ids.get(dialect) ?? { staying: '', erased: '' };
const identifierOf = ({ dialect }: Wire, id: string) => IDENTIFIERS[dialect]?.(id) ?? id;

function asAdmin<Row>(query: string): Promise<Row[]> {
  const { admin } = stack.credentials.clickhouse;
  return ask<Row>({ url: stack.backends.clickhouse.url, login: admin }, query);
}

async function send(sent: Sent): Promise<void> {
  expect((await sender.send(sent)).status).toBe(200);
}

/** Another event of the same installation: where events have ids, it has another. */
function another(wire: Wire, id: string): Sent {
  const sent = wire.good(id);
  if (!wire.hasIds) return sent;
  const own = /"(event_id|messageId|uuid)":"[^"]+"/;
  return { ...sent, body: String(sent.body).replace(own, `"$1":"${randomUUID()}"`) };
}

async function eventCount(): Promise<number> {
  const [row] = await asAdmin<{ n: number }>('SELECT count() AS n FROM rollcall.events FINAL');
  return row?.n ?? 0;
}

/** All that there is about installations; `counting_rounds` tells when it was counted. */
async function answers(): Promise<Record<string, unknown>> {
  await countNow(stack);
  const relations = await asAdmin<{ name: string; engine: string }>(
    `SELECT name, engine FROM system.tables WHERE database = 'rollcall' AND engine != 'MaterializedView' AND NOT startsWith(name, '.')
       AND name NOT IN ('erasure_orders', 'erasures', 'tombstones', 'schema_migrations', 'rejections', 'counting_rounds')`,
  );
  const found: Record<string, unknown> = {};
  for (const { name, engine } of relations) {
    const except = name === 'events' ? `EXCEPT (${COORDINATES.join(', ')})` : '';
    const final = engine.includes('Replacing') || engine.includes('Aggregating') ? 'FINAL' : '';
    const rows = await asAdmin<object>(`SELECT * ${except} FROM rollcall.${name} ${final}`);
    found[name] = rows.map((row) => JSON.stringify(row)).toSorted();
  }
  return found;
}

async function keptOut(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = [...text.matchAll(/^sink_rows_kept_out_total\{.*\} (\d+)$/gm)];
  return found.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function rollcall(env: Record<string, string>, ...args: string[]): Promise<string> {
  const bin = fileURLToPath(new URL('../../apps/cli/bin/rollcall.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { env });
  return stdout;
}

test('before: there are installations that stay', async () => {
  for (const wire of wires) await send(wire.good(idsOf(wire).staying));
  await until(async () => (await eventCount()) === wires.length, 'one event of each dialect');
  never = await answers();
  expect(Object.keys(never)).toEqual(expect.arrayContaining([...INSTALLATION_TABLES, 'ladder']));
});

test('an installation of every dialect is seen in two key epochs', async () => {
  for (const wire of wires) await send(wire.good(idsOf(wire).erased));
  await rollcall(stack.environmentOf('anonymizer'), 'keys', 'rotate', '--starts-in', '0');
  await stack.process('anonymizer').restart();
  for (const wire of wires) await send(another(wire, idsOf(wire).erased));
  await until(async () => (await eventCount()) === 3 * wires.length, 'two more of each');
  const [row] = await asAdmin<{ n: number }>(
    'SELECT uniqExact(project, installation) AS n FROM rollcall.events',
  );
  expect(row?.n).toBe(3 * wires.length);
  expect(await answers()).not.toEqual(never);
  await nameForReplay();
});

/** Names the events that will be erased as refused, so that `rollcall replay` produces them again. */
async function nameForReplay(): Promise<void> {
  await asAdmin(
    `INSERT INTO rollcall.rejections (project, stage, code, topic, "partition", "offset", "index", "count", "at", rejection_id)
     SELECT project, 'anonymizer', 'AN_EVENT_FAILED', '${TOPICS.raw}', raw_partition, raw_offset, raw_index, 1, now(), toUUID('00000000-0000-0000-0000-000000000000')
     FROM rollcall.events FINAL`,
  );
}

test('each is erased by its own identifier, in both epochs and in every table', async () => {
  for (const wire of wires) {
    const id = identifierOf(wire, idsOf(wire).erased);
    const receipt = await client.erase(wire.project, id);
    receipts.push(await client.verified(wire.project, receipt));
  }
  for (const { rows } of receipts) {
    expect(Object.keys(rows).toSorted()).toEqual([...INSTALLATION_TABLES].toSorted());
    expect(rows).toMatchObject({ events: 2, installation_days: 2, feature_days: 2 });
  }
  for (const table of ['metric_samples', 'metric_days', 'metric_months'])
    expect(receipts.map(({ rows }) => rows[table]).toSorted()).toEqual([0, 0, 0, 0, 0, 2]);
});

test('every table and view is what it would be had they never been there', async () => {
  expect(await answers()).toEqual(never);
});

test('late events and replayed ones stay out, whichever sink gets them', async () => {
  for (const wire of wires) await send(wire.good(idsOf(wire).erased));
  const { analyst } = stack.credentials.clickhouse;
  const said = await rollcall(
    {
      ...stack.environmentOf('sink'),
      CLICKHOUSE_USER: analyst.user,
      CLICKHOUSE_PASSWORD: analyst.password,
    },
    ...['replay', '--topic', TOPICS.raw, '--code', 'AN_EVENT_FAILED'],
  );
  expect(said).toContain(`${3 * wires.length} lines were produced`);
  const sinks = [stack.urlOf('sink'), second.url];
  const total = async () =>
    (await Promise.all(sinks.map(keptOut))).reduce((sum, count) => sum + count, 0);
  // late and twice replayed: an event each, and a sample each of the dialect that has them
  await until(async () => (await total()) === 3 * wires.length + 3, 'what was kept out');
  expect(await answers()).toEqual(never);
  expect(second.assignment()).not.toBe('');
});

test('tables that are filled again from the topic do not have them either', async () => {
  expect((await second.stop()).code).toBe(0);
  await stack.process('sink').stop();
  const { brokers } = stack.backends.kafka;
  const admin = createKafka({ brokers, clientId: 'rollcall-erasure-test' }, silentLog).admin();
  await admin.connect();
  await admin.resetOffsets({ groupId: GROUPS.sink, topic: TOPICS.anonymized, earliest: true });
  await admin.disconnect();
  await stack.process('sink').start();
  // those that were stored once, and those that never were
  const rowCount = 2 * wires.length + 2 + 3 * wires.length + 3;
  await until(async () => (await keptOut(stack.urlOf('sink'))) === rowCount, 'the second reading');
  expect(await answers()).toEqual(never);
});

test('their identifiers are in the raw and the erasure topic, and nowhere else', async () => {
  const { url } = stack.backends.clickhouse;
  const { brokers } = stack.backends.kafka;
  const { admin, analyst } = stack.credentials.clickhouse;
  const place = { brokers, clickhouse: { url, admin, analyst } };
  const erased = wires.map((wire) => idsOf(wire).erased);
  const raw = await readTopic(place, TOPICS.raw);
  expect(erased.filter((id) => !raw.text.includes(id))).toEqual([]);
  const haystacks = [
    await readTopic(place, TOPICS.anonymized),
    ...(await readTables(place)),
    ...(await readLogs({ logsDir: join(dataDir, 'logs') })),
    ...(await readMetrics({
      services: (['gateway', 'anonymizer', 'sink'] as const).map((name) => stack.urlOf(name)),
    })),
  ];
  const found = haystacks.flatMap(({ title, text }) =>
    erased.some((id) => text.includes(id)) ? [title] : [],
  );
  expect(found).toEqual([]);
  expect(haystacks.length).toBeGreaterThan(12);
});
