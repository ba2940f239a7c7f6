import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafka } from '@rollcall/kafka';
import { silentLog, uniqueName } from '@rollcall/testing';
import type { RunningRollcall } from '../stack/running-rollcall.ts';

/** A text to be searched, and where it is from. */
export interface Haystack {
  readonly title: string;
  readonly text: string;
}

/** Takes a text, or the next piece of one: what is too large to be held is looked at in passing. */
export type Visit = (text: string) => void;

const QUIET_MS = 2_000;

/** Every record of a topic, keys and headers too, from its beginning, also of transactions that were aborted. */
export async function visitTopic(
  { brokers }: Pick<RunningRollcall, 'brokers'>,
  topic: string,
  visit: Visit,
): Promise<void> {
  const kafka = createKafka({ brokers, clientId: 'rollcall-privacy-test' }, silentLog);
  const consumer = kafka.consumer({
    groupId: uniqueName('privacy'),
    readUncommitted: true,
    maxWaitTimeInMs: 200,
  });
  let isAny = false;
  let lastAt = performance.now();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      lastAt = performance.now();
      isAny = true;
      visit(String(key ?? ''));
      visit(String(value ?? ''));
      for (const [name, header] of Object.entries(headers ?? {}))
        visit(`${name}\n${String(header)}`);
    },
  });
  while (!isAny || performance.now() - lastAt < QUIET_MS) await sleep(100);
  await consumer.disconnect();
}

/** All of a topic as one text. */
export async function readTopic(
  rollcall: Pick<RunningRollcall, 'brokers'>,
  topic: string,
): Promise<Haystack> {
  const texts: string[] = [];
  await visitTopic(rollcall, topic, (text) => texts.push(text));
  return { title: `topic ${topic}`, text: texts.join('\n') };
}

type ClickHouseOnly = Pick<RunningRollcall, 'clickhouse'>;

async function query(
  { clickhouse: { url, admin } }: ClickHouseOnly,
  text: string,
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${admin.user}:${admin.password}`).toString('base64')}`;
  const response = await fetch(url, { method: 'POST', body: text, headers: { authorization } });
  if (response.ok) return response;
  throw new Error(`ClickHouse refused a query: ${(await response.text()).slice(0, 300)}`);
}

/** Every table that stores something: those of Rollcall, and those of the server about itself. */
async function storingTables(rollcall: ClickHouseOnly): Promise<readonly string[]> {
  // a count that is under way fills a hidden table, which then takes the place of the one it is for
  const list = await query(
    rollcall,
    `SELECT concat(database, '.', name) FROM system.tables
     WHERE (engine LIKE '%MergeTree%' OR engine LIKE '%Log') AND NOT startsWith(name, '.') FORMAT TSV`,
  );
  return (await list.text()).split('\n').filter((name) => name !== '');
}

function rowsOf(rollcall: ClickHouseOnly, table: string): Promise<Response> {
  return query(rollcall, `SELECT * FROM ${table} FORMAT JSONEachRow`);
}

/** Every row of every table that stores something, as text. */
export async function readTables(rollcall: ClickHouseOnly): Promise<readonly Haystack[]> {
  const names = await storingTables(rollcall);
  return Promise.all(
    names.map(async (name) => ({
      title: `table ${name}`,
      text: await (await rowsOf(rollcall, name)).text(),
    })),
  );
}

/** The same, piece by piece: a row may be cut in two by the end of a piece. */
export async function visitTables(
  rollcall: ClickHouseOnly,
  visit: (table: string, text: string) => void,
): Promise<void> {
  for (const name of await storingTables(rollcall)) {
    const { body } = await rowsOf(rollcall, name);
    const text = body?.pipeThrough(new TextDecoderStream());
    for await (const piece of text ?? []) visit(name, piece);
  }
}

/** Whatever a process printed. */
export async function readLogs({
  logsDir,
}: Pick<RunningRollcall, 'logsDir'>): Promise<readonly Haystack[]> {
  const names = await readdir(logsDir);
  return Promise.all(
    names.map(async (name) => ({
      title: `log ${name}`,
      text: await readFile(join(logsDir, name), 'utf8'),
    })),
  );
}

export async function readMetrics({
  services,
}: Pick<RunningRollcall, 'services'>): Promise<readonly Haystack[]> {
  return Promise.all(
    services.map(async (url) => ({
      title: `metrics of ${url}`,
      text: await (await fetch(`${url}/metrics`)).text(),
    })),
  );
}
