import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { javaCommand, processEnvironment } from '../environment.config.ts';
import type { ProcessExit, ProcessSpec } from '../process/running-process.ts';
import { answersApiVersions } from './api-versions-probe.ts';
import { brokerProperties, type BrokerSettings } from './broker-properties.ts';

const run = promisify(execFile);
const LOG_SETTINGS = join(import.meta.dirname, '../../kafka/log4j2.xml');

/** Where an embedded broker lives. */
export interface KafkaPlace extends BrokerSettings {
  /** For the properties file; the data is in `dataDir`. */
  readonly workDir: string;
  readonly libsDir: string;
}

/** A broker that only clients of this machine reach needs little: 200 MB idle, 420 MB after heavy load. */
const HEAP = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC'];

function classPath(place: KafkaPlace): string {
  return join(place.libsDir, '*');
}

/** @throws when Java cannot be run. */
export async function javaVersionText(): Promise<string> {
  // written to standard error, by every Java
  const { stderr } = await run(javaCommand(), ['-version'], { env: processEnvironment() });
  return stderr;
}

/** Kafka's storage has an identity, written once; a broker refuses a directory without. */
async function formatStorage(place: KafkaPlace, propertiesFile: string): Promise<void> {
  if (existsSync(join(place.dataDir, 'meta.properties'))) return;
  let clusterId = '-';
  // one that begins with a dash is read as an option
  while (clusterId.startsWith('-')) clusterId = randomBytes(16).toString('base64url');
  const tool = ['kafka.tools.StorageTool', 'format', '--ignore-formatted'];
  const args = ['-cp', classPath(place), ...HEAP, ...tool, '-t', clusterId, '-c', propertiesFile];
  try {
    await run(javaCommand(), args, { env: processEnvironment() });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.split('\n')[0] ?? '';
    throw new Error(`Kafka's storage in ${place.dataDir} cannot be made. ${said}`, { cause });
  }
}

const QUIET = ['-Xlog:disable', '-Xlog:all=error'];

/** An archive of loaded classes, which saves 0.8 s of every start: the first run writes it, later runs read it. */
interface ClassArchive {
  readonly options: readonly string[];
  /** Keeps what a run has written, when it had the time to finish. */
  readonly keep: (exit: ProcessExit) => void;
}

/** An archive fits one Java and one set of jars. Java checks that, and does without when it does not. */
async function classArchive(libsDir: string): Promise<ClassArchive> {
  const java = createHash('sha256')
    .update(await javaVersionText())
    .digest('hex')
    .slice(0, 12);
  const archive = `${libsDir}-${java}.jsa`;
  if (existsSync(archive))
    return {
      options: [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto', ...QUIET],
      keep: () => undefined,
    };
  const unfinished = `${archive}.${process.pid}`;
  const keep = (exit: ProcessExit): void => {
    if (!existsSync(unfinished)) return;
    if (exit.signal === null) renameSync(unfinished, archive);
    else rmSync(unfinished);
  };
  return { options: [`-XX:ArchiveClassesAtExit=${unfinished}`, ...QUIET], keep };
}

/**
 * Makes the broker's directory ready and says how the broker is run.
 *
 * @throws when the storage cannot be formatted.
 */
export async function prepareKafka(place: KafkaPlace): Promise<ProcessSpec> {
  mkdirSync(place.workDir, { recursive: true });
  mkdirSync(place.dataDir, { recursive: true });
  const propertiesFile = join(place.workDir, 'server.properties');
  writeFileSync(propertiesFile, brokerProperties(place));
  await formatStorage(place, propertiesFile);
  const archive = await classArchive(place.libsDir);
  return {
    name: 'kafka',
    command: javaCommand(),
    args: [
      ...['-cp', classPath(place)],
      ...HEAP,
      ...archive.options,
      `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
      ...['kafka.Kafka', propertiesFile],
    ],
    cwd: place.workDir,
    env: processEnvironment(),
    isReady: () => answersApiVersions(place.host, place.port),
    readyDeadlineMs: 60_000,
    ended: archive.keep,
    stopBy: 'SIGTERM',
    // the first run writes the archive when it ends, which takes 3 s
    stopDeadlineMs: 20_000,
    isAlarming: (line) => / (ERROR|FATAL) /.test(line.slice(0, 32)),
  };
}
