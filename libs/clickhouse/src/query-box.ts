import { createClient, ClickHouseError, ClickHouseLogLevel } from '@clickhouse/client';
import { z } from 'zod';
import type { ClickHouseSettings } from './settings.ts';
import { outcomeOfError, toRollcallError } from './store-outcome.ts';

/** What became of a query that a person wrote. */
export type QueryAnswer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly unknown[])[];
      /** Whether the query had more rows than asked for. */
      readonly isCut: boolean;
      readonly elapsedMs: number;
      readonly rowsRead: number;
    }
  | {
      readonly kind: 'refused';
      /** ClickHouse's number. */
      readonly serverCode: string;
      /** In the server's words: for whoever wrote the query alone. It may quote data. */
      readonly text: string;
    };

const AnswerSchema = z.looseObject({
  meta: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
  statistics: z.looseObject({ elapsed: z.number(), rows_read: z.number() }),
});

const MAX_TEXT = 2_000;

/** Runs queries that people type, with the rights of the user it logs in as. Close it at the end. */
export class QueryBox {
  readonly #client: ReturnType<typeof createClient>;

  constructor(settings: ClickHouseSettings) {
    this.#client = createClient({
      url: settings.url,
      username: settings.username,
      password: settings.password,
      database: settings.database ?? 'rollcall',
      application: 'rollcall-query-box',
      request_timeout: 35_000,
      max_open_connections: 4,
      log: { level: ClickHouseLogLevel.OFF },
      ...(settings.ca !== undefined && { tls: { ca_cert: Buffer.from(settings.ca) } }),
    });
  }

  /**
   * Runs one statement that gives rows.
   *
   * Guarantee: at most `mostRows` rows come back, whatever the query's own FORMAT says is refused; what the user may not do
   * is refused by the server.
   * @throws CH_UNAVAILABLE when no answer came
   */
  async run(query: string, mostRows: number): Promise<QueryAnswer> {
    try {
      const result = await this.#client.query({
        query,
        format: 'JSONCompact',
        clickhouse_settings: {
          output_format_json_quote_64bit_integers: 0,
          // one more than is shown tells whether there were more
          limit: String(mostRows + 1),
        },
      });
      const answer = AnswerSchema.parse(await result.json());
      return {
        kind: 'rows',
        columns: answer.meta.map(({ name, type }) => ({ name, type })),
        rows: answer.data.slice(0, mostRows),
        isCut: answer.data.length > mostRows,
        elapsedMs: Math.round(answer.statistics.elapsed * 1_000),
        rowsRead: answer.statistics.rows_read,
      };
    } catch (error) {
      return toRefusal(error);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function toRefusal(error: unknown): QueryAnswer {
  if (error instanceof ClickHouseError)
    return { kind: 'refused', serverCode: error.code, text: error.message.slice(0, MAX_TEXT) };
  // the client knows the server's errors by their text, and not all of them
  const [, serverCode, text = ''] =
    /(?:^|\s)Code: (\d+)[.,] (.*)/s.exec(error instanceof Error ? error.message : '') ?? [];
  if (serverCode !== undefined)
    return { kind: 'refused', serverCode, text: text.slice(0, MAX_TEXT) };
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return { kind: 'refused', serverCode: '0', text: 'The query must give rows, without FORMAT.' };
  throw toRollcallError(outcomeOfError(error));
}
