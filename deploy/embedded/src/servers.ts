import { join } from 'node:path';
import { prepareClickHouse } from './clickhouse/clickhouse-process.ts';
import { ensureCredentials, type Credentials } from './credentials.ts';
import { ensureKafkaJars } from './kafka/kafka-jars.ts';
import type { ProxiedListener } from './kafka/broker-properties.ts';
import { prepareKafka } from './kafka/kafka-process.ts';
import { Guard } from './process/guard.ts';
import { silentNews, SupervisedProcess, type ProcessNews } from './process/supervised-process.ts';

/** What both embedded servers are made with. */
interface ServerOptions {
  /** Holds everything that has to survive a restart. */
  readonly dataDir: string;
  readonly host?: string;
  readonly guard: Guard;
  readonly news?: ProcessNews;
}

/** What an embedded Kafka is made with. */
export interface KafkaOptions extends ServerOptions {
  readonly port: number;
  readonly controllerPort: number;
  /** Further listeners, behind proxies. */
  readonly proxied?: readonly ProxiedListener[] | undefined;
  /** Jars of the broker; by default in the data directory. */
  readonly libsDir?: string;
  /** Ends what is done before the broker is started: fetching its jars. */
  readonly signal?: AbortSignal;
}

/** What an embedded ClickHouse is made with. */
export interface ClickHouseOptions extends ServerOptions {
  readonly httpPort: number;
  readonly tcpPort: number;
}

/** A Kafka that is ready to be started. */
export interface PreparedKafka {
  readonly process: SupervisedProcess;
  /** `host:port`. */
  readonly brokers: readonly string[];
}

/** A ClickHouse that is ready to be started. */
export interface PreparedClickHouse {
  readonly process: SupervisedProcess;
  readonly url: string;
  readonly credentials: Credentials;
}

/** What stops a server that was started by itself. */
interface Started {
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Makes everything ready that a broker needs. The first time, its jars are fetched by Maven.
 *
 * @throws when Java or Maven cannot do their part.
 */
export async function createKafka(options: KafkaOptions): Promise<PreparedKafka> {
  const host = options.host ?? LOOPBACK;
  const workDir = join(options.dataDir, 'kafka');
  const libsDir = options.libsDir ?? join(workDir, 'libs');
  await ensureKafkaJars(libsDir, options.signal);
  const { port, controllerPort, proxied, guard, news = silentNews } = options;
  const dataDir = join(workDir, 'data');
  const place = { host, port, controllerPort, proxied, workDir, libsDir, dataDir };
  const spec = await prepareKafka(place);
  const logFile = join(options.dataDir, 'logs', 'kafka.log');
  const process = new SupervisedProcess(spec, { logFile, guard, news });
  return { process, brokers: [`${host}:${port}`] };
}

/** Makes everything ready that a ClickHouse needs; its users' passwords are in `<data directory>/credentials.json`. */
export function createClickHouseServer(options: ClickHouseOptions): PreparedClickHouse {
  const host = options.host ?? LOOPBACK;
  const credentials = ensureCredentials(join(options.dataDir, 'credentials.json'));
  const { httpPort, tcpPort, guard, news = silentNews } = options;
  const settings = { host, httpPort, tcpPort, dataDir: join(options.dataDir, 'clickhouse') };
  const spec = prepareClickHouse(settings, credentials);
  const logFile = join(options.dataDir, 'logs', 'clickhouse.log');
  const process = new SupervisedProcess(spec, { logFile, guard, news });
  return { process, url: `http://${host}:${httpPort}`, credentials };
}

async function startAlone<Prepared extends { readonly process: SupervisedProcess }>(
  prepare: (guard: Guard) => Prepared | Promise<Prepared>,
): Promise<Prepared & Started> {
  const guard = new Guard();
  try {
    const prepared = await prepare(guard);
    await prepared.process.start();
    const stop = async (): Promise<void> => {
      await prepared.process.stop();
      guard.close();
    };
    return { ...prepared, stop };
  } catch (fault) {
    guard.close();
    throw fault;
  }
}

/** A Kafka that runs by itself, until it is stopped. */
export type KafkaServer = PreparedKafka & Started;

/** A ClickHouse that runs by itself, until it is stopped. */
export type ClickHouseServer = PreparedClickHouse & Started;

/**
 * Starts a real Kafka broker and waits until it serves clients.
 *
 * Guarantee: after a crash it comes back by itself, with everything it had acknowledged; it ends with this process.
 * @throws when Java or Maven cannot do their part, or the broker does not answer within a minute.
 */
export function startKafka(options: Omit<KafkaOptions, 'guard'>): Promise<KafkaServer> {
  return startAlone((guard) => createKafka({ ...options, guard }));
}

/**
 * Starts a real ClickHouse server and waits until it answers.
 *
 * Guarantee: after a crash it comes back by itself, with every row it had acknowledged; it ends with this process.
 * @throws when npm has no engine for this platform, or the server does not answer within a minute.
 */
export function startClickHouse(
  options: Omit<ClickHouseOptions, 'guard'>,
): Promise<ClickHouseServer> {
  return startAlone((guard) => createClickHouseServer({ ...options, guard }));
}
