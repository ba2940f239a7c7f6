import { join } from 'node:path';
import { PreflightError } from '../checks/preflight-error.ts';
import { directoryFault, preflightFaults } from '../checks/preflight.ts';
import { ensureCredentials, type Credentials } from '../credentials.ts';
import { Guard } from '../process/guard.ts';
import { LauncherLock } from '../process/launcher-lock.ts';
import { endOrphans, ProcessList } from '../process/process-list.ts';
import { SupervisedProcess, type ProcessNews } from '../process/supervised-process.ts';
import { createClickHouseServer, createKafka } from '../servers.ts';
import { rotateDueKeys, setUpKeyring } from './keyring.ts';
import { portClaims } from './port-claims.ts';
import type { RollcallOptions } from './rollcall-options.ts';
import { buildBundle, staleBundles, type ServiceName } from './service-bundles.ts';
import {
  ADMIN_TOKEN_FILE,
  RECEIPT_KEY_FILE,
  serviceEnvironment,
  type Backends,
} from './service-environment.ts';
import { serviceSpec } from './service-spec.ts';
import {
  ensureReceiptKey,
  setUpTables,
  setUpTopics,
  writeAdminToken,
  writeWriteKeys,
} from './setup.ts';

/** The order in which they are stopped: whoever writes before whom it writes to. */
export const STOP_ORDER = [
  'console',
  'gateway',
  'anonymizer',
  'sink',
  'clickhouse',
  'kafka',
] as const;
export type ProcessName = (typeof STOP_ORDER)[number];

const HOST = '127.0.0.1';
const DAY_MS = 86_400_000;

/** The start was given up because a stop was asked for. */
export class StoppedError extends Error {}

/**
 * A whole Rollcall: Kafka, ClickHouse and the services, each a process of its own, kept running until stopped.
 *
 * Guarantee: when `stop` returns nothing of it runs, also when it is called in the middle of `start`.
 */
export class RollcallStack {
  readonly credentials: Credentials;
  readonly #options: RollcallOptions;
  readonly #lock: LauncherLock;
  readonly #list: ProcessList;
  readonly #processes = new Map<ProcessName, SupervisedProcess>();
  readonly #stopping = new AbortController();
  readonly #news: ProcessNews;
  #guard: Guard | undefined;
  #rotation: NodeJS.Timeout | undefined;

  /** @throws PreflightError when the directory cannot be written or another Rollcall uses it. */
  constructor(options: RollcallOptions) {
    this.#options = options;
    const { dataDir, news } = options;
    const fault = directoryFault(dataDir);
    if (fault !== undefined) throw new PreflightError([fault]);
    this.#lock = new LauncherLock(join(dataDir, 'launcher.lock'));
    const holder = this.#lock.acquire();
    if (holder)
      throw new PreflightError([
        `Another Rollcall (process ${holder.pid}) uses ${dataDir}. Stop that one, or choose another directory and other ports: ROLLCALL_DATA_DIR=<path> npm start`,
      ]);
    this.credentials = ensureCredentials(join(dataDir, 'credentials.json'));
    this.#list = new ProcessList(join(dataDir, 'processes.json'));
    this.#news = {
      ...news,
      changed: (name, pid) => {
        this.#list.set(name, pid);
        news.changed(name, pid);
      },
    };
  }

  /** Kafka and ClickHouse, as the services reach them. */
  get backends(): Backends {
    const { ports, kafka, clickhouse } = this.#options;
    const { sink, analyst, eraser, receipts } = this.credentials.clickhouse;
    const owner = clickhouse && { user: clickhouse.username, password: clickhouse.password };
    return {
      kafka: kafka ?? { brokers: [`${HOST}:${ports.kafka}`], clientId: 'rollcall-launcher' },
      clickhouse: clickhouse ?? {
        url: `http://${HOST}:${ports.clickhouseHttp}`,
        username: sink.user,
        password: sink.password,
      },
      reader: owner ?? analyst,
      erasure: { eraser: owner ?? eraser, receipts: owner ?? receipts },
    };
  }

  urlOf(service: ServiceName): string {
    return `http://${HOST}:${this.#options.ports[service]}`;
  }

  /** @returns all of a service's environment: to run one more of it by hand. */
  environmentOf(service: ServiceName): Record<string, string> {
    return serviceEnvironment(service, this.#options, this.backends);
  }

  /** @throws when that process is not part of this stack: with a Kafka or ClickHouse of your own. */
  process(name: ProcessName): SupervisedProcess {
    const found = this.#processes.get(name);
    if (!found) throw new Error(`${name} is not started here`);
    return found;
  }

  /** @returns the process ids of what runs now, by name. */
  pids(): Record<string, number> {
    const running = [...this.#processes].flatMap(([name, { pid }]) =>
      pid === undefined ? [] : [[name, pid] as const],
    );
    return Object.fromEntries(running);
  }

  /**
   * Checks, builds what is stale, starts and sets up everything, in that order, and waits until all is ready.
   *
   * @throws PreflightError before anything is started; otherwise what went wrong. Call `stop` then.
   */
  async start(): Promise<void> {
    const { progress } = this.#options;
    await this.#endOrphans();
    await progress.step('Checks', () => this.#check());
    await this.#build();
    this.#goOn();
    this.#guard = new Guard();
    await inParallel([() => this.#startKafka(), () => this.#startClickHouse()]);
    this.#goOn();
    await progress.step('Topics, tables and keys', () => this.#setUp());
    this.#goOn();
    await inParallel(this.#options.services.map((name) => () => this.#startService(name)));
    this.#goOn();
    this.#rotateDaily();
  }

  /** Stops everything in order. Never fails. */
  async stop(): Promise<void> {
    clearInterval(this.#rotation);
    this.#stopping.abort();
    for (const name of STOP_ORDER) await this.#processes.get(name)?.stop();
    this.#guard?.close();
    this.#list.remove();
    this.#lock.release();
    this.#options.stopped?.();
  }

  /** Ends at once what is being stopped in order. */
  hurry(): void {
    for (const process of this.#processes.values()) process.hurry();
  }

  async #endOrphans(): Promise<void> {
    const ended = await endOrphans(join(this.#options.dataDir, 'processes.json'));
    if (ended.length > 0)
      this.#options.progress.say(`  Ended what a killed Rollcall had left: ${ended.join(', ')}`);
  }

  async #check(): Promise<void> {
    const { dataDir, kafka, clickhouse, kafkaLibsDir } = this.#options;
    const faults = await preflightFaults({
      dataDir,
      host: HOST,
      ports: portClaims(this.#options),
      kafkaLibsDir: kafka ? undefined : kafkaLibsDir,
      startsClickHouse: clickhouse === undefined,
    });
    if (faults.length > 0) throw new PreflightError(faults);
  }

  async #build(): Promise<void> {
    const { signal } = this.#stopping;
    await inParallel(
      staleBundles(this.#options.services).map(
        (name) => () =>
          this.#options.progress.step(`Build the ${name}`, () => buildBundle(name, signal)),
      ),
    );
  }

  async #startKafka(): Promise<void> {
    const { kafka, ports, dataDir, kafkaLibsDir, progress } = this.#options;
    if (kafka) return;
    const prepared = await progress.step(
      'Kafka: its jars (fetched by Maven once) and storage',
      () =>
        createKafka({
          dataDir,
          port: ports.kafka,
          controllerPort: ports.kafkaController,
          proxied: this.#options.proxies?.kafka,
          libsDir: kafkaLibsDir,
          signal: this.#stopping.signal,
          guard: this.#theGuard(),
          news: this.#news,
        }),
    );
    await this.#start('kafka', prepared.process, `Kafka on ${prepared.brokers.join()}`);
  }

  async #startClickHouse(): Promise<void> {
    const { clickhouse, ports, dataDir } = this.#options;
    if (clickhouse) return;
    const prepared = createClickHouseServer({
      dataDir,
      httpPort: ports.clickhouseHttp,
      tcpPort: ports.clickhouseTcp,
      guard: this.#theGuard(),
      news: this.#news,
    });
    await this.#start('clickhouse', prepared.process, `ClickHouse on ${prepared.url}`);
  }

  async #setUp(): Promise<void> {
    const { dataDir, catalogueDir, keyringFile, partitionCount } = this.#options;
    const { kafka, clickhouse } = this.backends;
    const { admin } = this.credentials.clickhouse;
    const owner = this.#options.clickhouse ?? {
      ...clickhouse,
      username: admin.user,
      password: admin.password,
    };
    writeWriteKeys(join(dataDir, 'write-keys.json'), this.credentials);
    writeAdminToken(join(dataDir, ADMIN_TOKEN_FILE), this.credentials);
    ensureReceiptKey(join(dataDir, RECEIPT_KEY_FILE));
    await Promise.all([
      setUpTopics(kafka, partitionCount, this.#options.kafka === undefined),
      setUpTables(owner),
      setUpKeyring({ catalogueDir, keyringFile }, this.#stopping.signal),
    ]);
  }

  /** Anonymizers read a changed keyring by themselves. */
  #rotateDaily(): void {
    const rotate = (): void => {
      rotateDueKeys(this.#options, this.#stopping.signal).catch((fault: unknown) =>
        this.#news.alarmed('keys', fault instanceof Error ? fault.message : String(fault)),
      );
    };
    this.#rotation = setInterval(rotate, DAY_MS);
    this.#rotation.unref();
  }

  async #startService(name: ServiceName): Promise<void> {
    const url = this.urlOf(name);
    const process = new SupervisedProcess(serviceSpec(name, url, this.environmentOf(name)), {
      logFile: join(this.#options.dataDir, 'logs', `${name}.log`),
      guard: this.#theGuard(),
      news: this.#news,
    });
    await this.#start(name, process, `The ${name} on ${url}`);
  }

  async #start(name: ProcessName, process: SupervisedProcess, title: string): Promise<void> {
    this.#goOn();
    this.#processes.set(name, process);
    await this.#options.progress.step(title, () => process.start());
  }

  #theGuard(): Guard {
    this.#guard ??= new Guard();
    return this.#guard;
  }

  #goOn(): void {
    if (this.#stopping.signal.aborted) throw new StoppedError('stopped while starting');
  }
}

/** Waits for all of them, also when one fails: a stop finds every process then. */
async function inParallel(works: readonly (() => Promise<void>)[]): Promise<void> {
  const settled = await Promise.allSettled(works.map((work) => work()));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
