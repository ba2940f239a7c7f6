import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createClient, ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import type { TableName } from '@rollcall/contracts-transport';
import { INSERT_SETTINGS } from './insert-settings.ts';
import type { ClickHouseSettings } from './settings.ts';
import {
  outcomeOfError,
  outcomeOfServerCode,
  toRollcallError,
  type StoreOutcome,
} from './store-outcome.ts';

const EXCEPTION_CODE_HEADER = 'x-clickhouse-exception-code';
const HTTP_OK = 200;

/**
 * A statement may take longer than a connection may be silent: filling a table from another one, a deletion that is waited
 * for. A header every so often says that the server is at it. They add up, and Node takes 16 KiB of them: some fifty minutes.
 */
const STILL_AT_IT = {
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: '50000',
} as const;

/** Identity of an insert. */
export interface InsertIdentity {
  /** Names these very rows: other rows under a token that the table knows are dropped without a word. */
  readonly token: string;
}

/** ClickHouse as Rollcall uses it: raw NDJSON in, outcomes out. One connection pool; close it at the end. */
export class ClickHouse {
  readonly database: string;
  readonly #client: ClickHouseClient;

  constructor(settings: ClickHouseSettings) {
    this.database = settings.database ?? 'rollcall';
    this.#client = createClient({
      url: settings.url,
      username: settings.username,
      password: settings.password,
      application: 'rollcall',
      // Also how long an insert may take: the server says nothing until it is done.
      request_timeout: 60_000,
      max_open_connections: 16,
      // The client logs errors with the server's text in them, which quotes rows.
      log: { level: ClickHouseLogLevel.OFF },
      ...(settings.ca !== undefined && { tls: { ca_cert: Buffer.from(settings.ca) } }),
    });
  }

  /** Whether the server answers a query of this user. Unlike `/ping` it notices a wrong password. */
  async ping(): Promise<StoreOutcome> {
    try {
      await this.#select('SELECT 1');
      return { kind: 'ok', rowCount: 1 };
    } catch (error) {
      return outcomeOfError(error);
    }
  }

  /**
   * Inserts NDJSON lines, as they are, into a table.
   *
   * Shape: each chunk holds whole lines. Up to {@link MAX_ROWS_PER_INSERT} rows.
   * Guarantee: all or nothing, durable when `ok`; a token the table remembers stores nothing and is `ok` too.
   * @throws never for data or the state of the server: those are outcomes.
   */
  async insertLines(
    table: TableName,
    chunks: readonly Buffer[],
    { token }: InsertIdentity,
  ): Promise<StoreOutcome> {
    try {
      const { stream, http_status_code, response_headers } = await this.#client.exec({
        query: `INSERT INTO ${this.database}.${table} FORMAT JSONEachRow`,
        values: Readable.from(chunks),
        clickhouse_settings: { ...INSERT_SETTINGS, insert_deduplication_token: token },
        // The answer's code is in a header; its text is not wanted.
        ignore_error_response: true,
      });
      // Read to its end, so that the connection can be used again.
      await finished(stream.resume());
      // The server's own count has each row again for every view behind the table.
      if (http_status_code === HTTP_OK) return { kind: 'ok', rowCount: countLines(chunks) };
      const vendorCode = response_headers[EXCEPTION_CODE_HEADER];
      if (typeof vendorCode === 'string') return outcomeOfServerCode(vendorCode);
      return { kind: 'retry', code: 'CH_UNAVAILABLE', vendorCode: `HTTP ${http_status_code ?? 0}` };
    } catch (error) {
      return outcomeOfError(error);
    }
  }

  /**
   * Runs a statement that returns nothing.
   *
   * @throws the code of its outcome; `what` says in the error what was being done.
   */
  async command(statement: string, what?: string): Promise<void> {
    try {
      await this.#client.command({
        query: statement,
        clickhouse_settings: { wait_end_of_query: 1, ...STILL_AT_IT },
      });
    } catch (error) {
      throw toRollcallError(outcomeOfError(error), what);
    }
  }

  /**
   * Runs a query and gives its rows as objects. Numbers are exact up to 2^53; ask for `toString(x)` beyond it.
   *
   * @param parameters values of `{name:Type}` in the query
   * @throws the code of its outcome
   */
  async rows<Row>(
    query: string,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Promise<Row[]> {
    try {
      return await this.#select<Row>(query, parameters);
    } catch (error) {
      throw toRollcallError(outcomeOfError(error));
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #select<Row>(
    query: string,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Promise<Row[]> {
    const result = await this.#client.query({
      query,
      format: 'JSONEachRow',
      query_params: parameters,
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return result.json<Row>();
  }
}

const LINE_END = 0x0a;

/** Lines that hold something; a line may go over the end of a chunk. */
function countLines(chunks: readonly Buffer[]): number {
  let count = 0;
  let isOpen = false;
  for (const chunk of chunks)
    for (let start = 0; start < chunk.length;) {
      const found = chunk.indexOf(LINE_END, start);
      const end = found === -1 ? chunk.length : found;
      if (end > start && !isOpen) count += 1;
      isOpen = found === -1 && (isOpen || end > start);
      start = end + 1;
    }
  return count;
}

/** @returns a client; it connects when first used. */
export function createClickHouse(settings: ClickHouseSettings): ClickHouse {
  return new ClickHouse(settings);
}
