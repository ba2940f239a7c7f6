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

const QUIET_MS = 2_000;

/** Every record of a topic, keys and headers too, from its beginning, also of transactions that were aborted. */
export async function readTopic({ brokers }: RunningRollcall, topic: string): Promise<Haystack> {
  const kafka = createKafka({ brokers, clientId: 'rollcall-privacy-test' }, silentLog);
  const consumer = kafka.consumer({
    groupId: uniqueName('privacy'),
    readUncommitted: true,
    maxWaitTimeInMs: 200,
  });
  const texts: string[] = [];
  let lastAt = performance.now();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      lastAt = performance.now();
      texts.push(String(key ?? ''), String(value ?? ''));
      for (const [name, header] of Object.entries(headers ?? {})) texts.push(name, String(header));
    },
  });
  while (texts.length === 0 || performance.now() - lastAt < QUIET_MS) await sleep(100);
  await consumer.disconnect();
  return { title: `topic ${topic}`, text: texts.join('\n') };
}

async function query(
  { clickhouse: { url, admin } }: RunningRollcall,
  text: string,
): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${admin.user}:${admin.password}`).toString('base64')}`;
  const response = await fetch(url, { method: 'POST', body: text, headers: { authorization } });
  const body = await response.text();
  if (!response.ok) throw new Error(`ClickHouse refused a query: ${body.slice(0, 300)}`);
  return body;
}

/** Every row of every table that stores something, as text: those of Rollcall, and those of the server about itself. */
export async function readTables(rollcall: RunningRollcall): Promise<readonly Haystack[]> {
  const list = await query(
    rollcall,
    `SELECT concat(database, '.', name) FROM system.tables WHERE engine LIKE '%MergeTree%' OR engine LIKE '%Log' FORMAT TSV`,
  );
  const names = list.split('\n').filter((name) => name !== '');
  return Promise.all(
    names.map(async (name) => ({
      title: `table ${name}`,
      text: await query(rollcall, `SELECT * FROM ${name} FORMAT JSONEachRow`),
    })),
  );
}

/** Whatever a process printed. */
export async function readLogs({ logsDir }: RunningRollcall): Promise<readonly Haystack[]> {
  const names = await readdir(logsDir);
  return Promise.all(
    names.map(async (name) => ({
      title: `log ${name}`,
      text: await readFile(join(logsDir, name), 'utf8'),
    })),
  );
}

export async function readMetrics({ services }: RunningRollcall): Promise<readonly Haystack[]> {
  return Promise.all(
    services.map(async (url) => ({
      title: `metrics of ${url}`,
      text: await (await fetch(`${url}/metrics`)).text(),
    })),
  );
}
