import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasClickHouseEngine } from '../clickhouse/clickhouse-process.ts';
import { toolEnvironment } from '../environment.config.ts';
import { hasKafkaJars } from '../kafka/kafka-jars.ts';
import { javaVersionText } from '../kafka/kafka-process.ts';
import { isPortFree } from '../ports.ts';

const OLDEST_JAVA = 17;
const GIBIBYTE = 2 ** 30;
const NEEDED_DISK_BYTES = GIBIBYTE;

/** A port that something of Rollcall is going to listen on. */
export interface PortClaim {
  readonly port: number;
  readonly what: string;
  /** The variable that changes it. */
  readonly variable: string;
}

/** What is going to be started, as far as it can be checked before. */
export interface PreflightPlan {
  readonly dataDir: string;
  readonly host: string;
  readonly ports: readonly PortClaim[];
  /** Undefined: somebody else's Kafka is used. */
  readonly kafkaLibsDir: string | undefined;
  readonly startsClickHouse: boolean;
}

/** @returns the major version in what `java -version` says: 17 for `"17.0.15"`, 8 for `"1.8.0_392"`. */
export function javaMajor(versionText: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(versionText) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' ? second : first);
}

/** @returns what is wrong with the Java that says this of itself; undefined for none. */
export function javaFault(versionText: string | undefined): string | undefined {
  const advice = `Install Java ${OLDEST_JAVA} or newer (a headless JRE is enough), or set KAFKA_BROKERS to a Kafka of yours.`;
  if (versionText === undefined) return `Java is missing. ${advice}`;
  const major = javaMajor(versionText);
  if (major === undefined || major >= OLDEST_JAVA) return undefined;
  return `Java ${major} is too old for Kafka. ${advice}`;
}

/** @returns what to do about a port that is taken. */
export function portFault({ port, what, variable }: PortClaim): string {
  return `Port ${port} for ${what} is taken by another program. Stop that one, or choose another port: ${variable}=<port> npm start`;
}

/** @returns the ports that two claims share. */
export function sharedPortFaults(claims: readonly PortClaim[]): string[] {
  return claims.flatMap((claim, index) => {
    const other = claims.slice(0, index).find(({ port }) => port === claim.port);
    return other === undefined
      ? []
      : [
          `Port ${claim.port} is meant for both ${other.what} and ${claim.what}. Change ${claim.variable}.`,
        ];
  });
}

/** @returns what is wrong with the directory that state is kept in; undefined when it can be written. */
export function directoryFault(dataDir: string): string | undefined {
  const probe = join(dataDir, `.writable.${process.pid}`);
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
    return undefined;
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    return `The data directory ${dataDir} cannot be written (${code}). Make it writable, or choose another: ROLLCALL_DATA_DIR=<path> npm start`;
  }
}

/** @returns what is wrong when only so much is free; undefined when it is enough. */
export function diskFault(dataDir: string, freeBytes: number): string | undefined {
  if (freeBytes >= NEEDED_DISK_BYTES) return undefined;
  const free = (freeBytes / GIBIBYTE).toFixed(1);
  return `The disk of ${dataDir} has ${free} GiB free; 1 GiB is needed. Make room, or choose another disk: ROLLCALL_DATA_DIR=<path> npm start`;
}

async function kafkaFaults(libsDir: string): Promise<string[]> {
  const java = javaFault(await javaVersionText().catch(() => undefined));
  const faults = java === undefined ? [] : [java];
  if (hasKafkaJars(libsDir)) return faults;
  const hasMaven = await promisify(execFile)('mvn', ['-v'], { env: toolEnvironment() }).then(
    () => true,
    () => false,
  );
  if (!hasMaven)
    faults.push(
      'Maven is missing; it fetches Kafka, once. Install it (the package is called maven), or set KAFKA_BROKERS to a Kafka of yours.',
    );
  return faults;
}

async function portFaults(host: string, claims: readonly PortClaim[]): Promise<string[]> {
  const faults = sharedPortFaults(claims);
  for (const claim of claims)
    if (!(await isPortFree(claim.port, host))) faults.push(portFault(claim));
  return faults;
}

/** @returns everything that would make the start fail, each with what to do about it. */
export async function preflightFaults(plan: PreflightPlan): Promise<readonly string[]> {
  const { bavail, bsize } = statfsSync(plan.dataDir);
  const faults = [
    diskFault(plan.dataDir, bavail * bsize),
    ...(plan.kafkaLibsDir === undefined ? [] : await kafkaFaults(plan.kafkaLibsDir)),
    ...(await portFaults(plan.host, plan.ports)),
  ];
  if (plan.startsClickHouse && !hasClickHouseEngine())
    faults.push(
      `There is no embedded ClickHouse for ${process.platform} on ${process.arch}. Set CLICKHOUSE_URL, CLICKHOUSE_USER and CLICKHOUSE_PASSWORD to a ClickHouse of yours.`,
    );
  return faults.filter((fault) => fault !== undefined);
}
