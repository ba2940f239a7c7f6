import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError, type Code } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import type { ClickHouse } from './clickhouse.ts';

/** Number of the migration that this version's inserts need; a test keeps it equal to the newest file. */
export const REQUIRED_SCHEMA = 11;

const POLL_MS = 500;
const POLLS_PER_LOG_LINE = 20;

/** What is missing before inserts can work: a code and a sentence for people. */
export interface SchemaGap {
  readonly code: Code;
  readonly detail: string;
}

/** @returns undefined when the tables are as new as this version needs, else what is missing. */
export async function findSchemaGap(client: ClickHouse): Promise<SchemaGap | undefined> {
  return readSchemaGap(client).catch(toGap);
}

async function readSchemaGap(client: ClickHouse): Promise<SchemaGap | undefined> {
  const [row] = await client.rows<{ number: number }>(
    `SELECT max(number) AS number FROM ${client.database}.schema_migrations`,
  );
  const number = row?.number ?? 0;
  return number >= REQUIRED_SCHEMA ? undefined : behind(`at migration ${number}`);
}

function toGap(error: unknown): SchemaGap {
  if (!(error instanceof RollcallError)) throw error;
  if (error.code === 'CH_SCHEMA_BEHIND') return behind('without any migration');
  return { code: error.code, detail: error.message };
}

/** No certificate comes to be trusted by waiting, and a process that ends is noticed. @throws CH_UNTRUSTED */
function toGapThatMayClose(error: unknown): SchemaGap {
  if (error instanceof RollcallError && error.code === 'CH_UNTRUSTED') throw error;
  return toGap(error);
}

function behind(state: string): SchemaGap {
  return {
    code: 'CH_SCHEMA_BEHIND',
    detail: `the tables are ${state}, ${REQUIRED_SCHEMA} is needed: run \`rollcall setup\``,
  };
}

/**
 * Waits until the tables are as new as this version needs, saying what it waits for.
 *
 * Guarantee: ends by itself only with success, or when waiting would not help.
 * @throws CH_UNTRUSTED; the signal's reason when it is aborted
 */
export async function awaitSchema(
  client: ClickHouse,
  { log, signal }: { readonly log: Log; readonly signal?: AbortSignal },
): Promise<void> {
  for (let poll = 0; ; poll += 1) {
    const gap = await readSchemaGap(client).catch(toGapThatMayClose);
    if (gap === undefined) return;
    if (poll % POLLS_PER_LOG_LINE === 0)
      log.warn('Waiting for ClickHouse and its tables.', { ...gap });
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}
