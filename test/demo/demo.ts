/**
 * `npm run demo`: sends what is on the five pages and what the real clients put on the wire, prints the answers, waits
 * until every row is in ClickHouse, and shows the numbers that the pages speak of.
 *
 * What must arrive is not written down here: each request is first sent as a dry run, and the rows that its answer
 * promises are the rows that are then looked for.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  consoleProgress,
  readEmbeddedConfig,
  startRollcall,
  type Credentials,
  type RollcallStack,
} from '@rollcall/embedded';
import { exchange, type RawAnswer } from '../replay/capture.ts';
import { awaitArrival, type Row } from './arrivals.ts';
import { bytesOf, demoRequests, type DemoRequest } from './payloads.ts';
import { printTables } from './tables.ts';

const HOST = '127.0.0.1';
const options = readEmbeddedConfig();

const credentialsFile = join(options.dataDir, 'credentials.json');

/** A Rollcall that runs already with the state of this directory. */
async function isRunning(): Promise<boolean> {
  if (!existsSync(credentialsFile)) return false;
  try {
    const answer = await fetch(`http://${HOST}:${options.ports.gateway}/health/ready`);
    return answer.ok;
  } catch {
    return false;
  }
}

async function startWhatIsMissing(): Promise<RollcallStack | undefined> {
  if (await isRunning()) {
    console.log(`Using the Rollcall that runs on port ${options.ports.gateway}.`);
    return undefined;
  }
  return startRollcall({ ...options, progress: consoleProgress });
}

async function send(one: DemoRequest, isDryRun: boolean): Promise<RawAnswer> {
  return exchange(bytesOf(one, isDryRun), { host: HOST, port: options.ports.gateway });
}

/** Rows that a request will leave, by its own dry run. */
async function promisedBy(one: DemoRequest): Promise<Row[]> {
  const { status, body } = await send(one, true);
  if (status !== 200)
    throw new Error(`the dry run of "${one.title}" was answered ${status}: ${body.slice(0, 300)}`);
  return (JSON.parse(body) as { stored: Row[] }).stored;
}

async function sendAll(
  requests: readonly DemoRequest[],
): Promise<{ promised: Row[]; isEveryAnswer200: boolean }> {
  const promised: Row[] = [];
  const answers = [];
  for (const one of requests) {
    const rows = await promisedBy(one);
    promised.push(...rows);
    const { status, body } = await send(one, false);
    answers.push({
      project: one.project,
      request: one.title,
      status,
      answer: body.slice(0, 48),
      rows: rows.length,
    });
  }
  console.log('\nSent, and answered:');
  console.table(answers);
  return {
    promised,
    isEveryAnswer200: answers.every(({ status, rows }) => status === 200 && rows > 0),
  };
}

async function demonstrate(): Promise<boolean> {
  const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8')) as Credentials;
  const url = options.clickhouse?.url ?? `http://${HOST}:${options.ports.clickhouseHttp}`;
  const access = { url, login: credentials.clickhouse.analyst };
  // a second of slack: rows bear the gateway's clock, cut to milliseconds
  const since = new Date(Date.now() - 1_000).toISOString().replace('T', ' ').replace('Z', '');
  const { promised, isEveryAnswer200 } = await sendAll(demoRequests(credentials));
  const { missing, elapsedMs } = await awaitArrival(access, promised, since);
  console.log(
    `\n${promised.length - missing.length} of ${promised.length} rows are in ClickHouse, ${Math.round(elapsedMs)} ms after the last answer.`,
  );
  for (const row of missing) console.log('  not found:', JSON.stringify(row));
  await printTables(access);
  return isEveryAnswer200 && missing.length === 0;
}

const stack = await startWhatIsMissing();
try {
  const isComplete = await demonstrate();
  console.log(isComplete ? '\nEverything arrived.' : '\nNot everything arrived.');
  process.exitCode = isComplete ? 0 : 1;
} finally {
  await stack?.stop();
}
