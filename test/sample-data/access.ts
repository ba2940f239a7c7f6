import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClickHouse, type ClickHouse, type ClickHouseSettings } from '@rollcall/clickhouse';
import { readEmbeddedConfig, type Credentials, type Login } from '@rollcall/embedded';

/** A ClickHouse with Rollcall's tables, with the rights that each part of the work needs and no more. */
export interface SampleStore {
  readonly url: string;
  /** May insert, and read nothing. */
  readonly writer: ClickHouse;
  /** May read, and change nothing. */
  readonly reader: ClickHouse;
  readonly readerLogin: Login;
  /** May delete, merge and refresh. */
  readonly owner: ClickHouse;
  close(): Promise<void>;
}

/** Sentences for people: what is missing and what to do. */
export class NothingRunsError extends Error {}

/** @returns the store of users that are told apart, as the embedded mode has them. */
export function storeOf(
  url: string,
  users: Pick<Credentials['clickhouse'], 'admin' | 'sink' | 'analyst'>,
  database?: string,
): SampleStore {
  const client = ({ user, password }: Login): ClickHouse =>
    createClickHouse({
      url,
      username: user,
      password,
      ...(database !== undefined && { database }),
    });
  const [writer, reader, owner] = [client(users.sink), client(users.analyst), client(users.admin)];
  return {
    url,
    writer,
    reader,
    readerLogin: users.analyst,
    owner,
    close: async () => {
      await Promise.all([writer, reader, owner].map((one) => one.close()));
    },
  };
}

/** A ClickHouse of one's own has one user for everything. */
function ownStore({ url, username, password }: ClickHouseSettings): SampleStore {
  const login = { user: username, password };
  return storeOf(url, { admin: login, sink: login, analyst: login });
}

/**
 * The ClickHouse of the Rollcall that runs here.
 *
 * @throws NothingRunsError when there is none
 */
export async function runningStore(): Promise<SampleStore> {
  const { dataDir, ports, clickhouse } = readEmbeddedConfig();
  const store = clickhouse ? ownStore(clickhouse) : embeddedStore(dataDir, ports.clickhouseHttp);
  const outcome = await store.reader.ping();
  if (outcome.kind === 'ok') return store;
  await store.close();
  throw new NothingRunsError(
    `No ClickHouse of this Rollcall answers at ${store.url} (${outcome.code}). Start it in another terminal, npm start, and run this again.`,
  );
}

function embeddedStore(dataDir: string, port: number): SampleStore {
  const file = join(dataDir, 'credentials.json');
  if (!existsSync(file))
    throw new NothingRunsError(
      `No Rollcall has run with the data folder ${dataDir}. Start it in another terminal, npm start, and run this again; another folder is named by ROLLCALL_DATA_DIR.`,
    );
  const { clickhouse } = JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  return storeOf(`http://127.0.0.1:${port}`, clickhouse);
}
