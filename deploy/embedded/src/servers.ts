import { join } from 'node:path';
import { prepareClickHouse } from './clickhouse/clickhouse-process.ts';
import { ensureCredentials, type Credentials } from './credentials.ts';
import { kafkaLibsOverride } from './embedded.config.ts';
import { ensureKafkaJars } from './kafka/kafka-jars.ts';
import { prepareKafka } from './kafka/kafka-process.ts';
import { Guard } from './process/guard.ts';
import { silentNews, SupervisedProcess, type ProcessNews } from './process/supervised-process.ts';

/** What both embedded servers are started with. */
interface ServerOptions {
  /** Holds everything that has to survive a restart. */
  readonly dataDir: string;
  readonly host?: string;
  readonly guard?: Guard;
  readonly news?: ProcessNews;
}

export interface KafkaOptions extends ServerOptions {
  readonly port: number;
  readonly controllerPort: number;
  /** Jars of the broker; by default in the data directory. */
  readonly libsDir?: string;
}

export interface ClickHouseOptions extends ServerOptions {
  readonly httpPort: number;
  readonly tcpPort: number;
}

/** A server that is kept running until it is stopped. */
export interface EmbeddedServer {
  readonly process: SupervisedProcess;
  stop(): Promise<void>;
}

export interface KafkaServer extends EmbeddedServer {
  /** `host:port`. */
  readonly brokers: readonly string[];
}

export interface ClickHouseServer extends EmbeddedServer {
  readonly url: string;
  readonly credentials: Credentials;
}

const LOOPBACK = '127.0.0.1';

async function keepRunning(
  process: SupervisedProcess,
  ownGuard: Guard | undefined,
): Promise<EmbeddedServer> {
  const stop = async (): Promise<void> => {
    await process.stop();
    ownGuard?.close();
  };
  try {
    await process.start();
  } catch (fault) {
    await stop();
    throw fault;
  }
  return { process, stop };
}

/** @returns where the jars of the broker are, unless somebody says otherwise. */
export function kafkaLibsDir(dataDir: string): string {
  return kafkaLibsOverride() ?? join(dataDir, 'kafka', 'libs');
}

/**
 * Starts a real Kafka broker and waits until it serves clients. The first time, its jars are fetched by Maven.
 *
 * Guarantee: after a crash it comes back by itself, with everything it had acknowledged.
 * @throws when Java or Maven cannot do their part, or the broker does not answer within a minute.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const host = options.host ?? LOOPBACK;
  const workDir = join(options.dataDir, 'kafka');
  const libsDir = options.libsDir ?? kafkaLibsDir(options.dataDir);
  await ensureKafkaJars(libsDir);
  const { port, controllerPort } = options;
  const place = { host, port, controllerPort, workDir, libsDir, dataDir: join(workDir, 'data') };
  const spec = await prepareKafka(place);
  const guard = options.guard ?? new Guard();
  const surroundings = {
    logFile: join(options.dataDir, 'logs', 'kafka.log'),
    guard,
    news: options.news ?? silentNews,
  };
  const own = options.guard ? undefined : guard;
  const server = await keepRunning(new SupervisedProcess(spec, surroundings), own);
  return { ...server, brokers: [`${host}:${port}`] };
}

/**
 * Starts a real ClickHouse server and waits until it answers. Its users and their passwords are in
 * `<data directory>/credentials.json`.
 *
 * Guarantee: after a crash it comes back by itself, with every row it had acknowledged.
 * @throws when npm has no engine for this platform, or the server does not answer within a minute.
 */
export async function startClickHouse(options: ClickHouseOptions): Promise<ClickHouseServer> {
  const host = options.host ?? LOOPBACK;
  const credentials = ensureCredentials(join(options.dataDir, 'credentials.json'));
  const { httpPort, tcpPort } = options;
  const settings = { host, httpPort, tcpPort, dataDir: join(options.dataDir, 'clickhouse') };
  const spec = prepareClickHouse(settings, credentials);
  const guard = options.guard ?? new Guard();
  const surroundings = {
    logFile: join(options.dataDir, 'logs', 'clickhouse.log'),
    guard,
    news: options.news ?? silentNews,
  };
  const own = options.guard ? undefined : guard;
  const server = await keepRunning(new SupervisedProcess(spec, surroundings), own);
  return { ...server, url: `http://${host}:${httpPort}`, credentials };
}
