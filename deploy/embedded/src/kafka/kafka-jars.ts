import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolEnvironment } from '../environment.config.ts';

const POM = join(import.meta.dirname, '../../kafka/pom.xml');
/** Lists the jars with their sizes and the pom they came from: without it, or when it differs, they are fetched again. */
const MARKER = 'complete.json';
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const TEN_MINUTES_MS = 600_000;

interface Marker {
  readonly pom: string;
  readonly jars: Readonly<Record<string, number>>;
}

function pomHash(): string {
  return createHash('sha256').update(readFileSync(POM)).digest('hex');
}

function jarSizes(folder: string): Record<string, number> {
  const jars = readdirSync(folder).filter((file) => file.endsWith('.jar'));
  return Object.fromEntries(jars.map((jar) => [jar, statSync(join(folder, jar)).size]));
}

/** @returns whether the folder holds every jar of today's pom, whole. */
export function hasKafkaJars(folder: string): boolean {
  try {
    const marker = JSON.parse(readFileSync(join(folder, MARKER), 'utf8')) as Marker;
    const sizes = jarSizes(folder);
    return (
      marker.pom === pomHash() &&
      Object.entries(marker.jars).every(([jar, size]) => sizes[jar] === size)
    );
  } catch {
    return false;
  }
}

/**
 * Fetches the broker's jars when they are not there.
 *
 * Guarantee: the folder appears with all of its jars or not at all, also when this is killed half-way or two
 * processes do it at the same time.
 * @throws with the last lines of Maven, when it cannot fetch them.
 */
export async function ensureKafkaJars(folder: string, signal?: AbortSignal): Promise<void> {
  if (hasKafkaJars(folder)) return;
  const scratch = `${folder}.${process.pid}`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  try {
    cpSync(POM, join(scratch, 'pom.xml'));
    await runMaven(scratch, signal);
    const marker: Marker = { pom: pomHash(), jars: jarSizes(scratch) };
    writeFileSync(join(scratch, MARKER), JSON.stringify(marker));
    moveInto(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runMaven(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const args = ['-B', '-ntp', '-q', PLUGIN, '-DoutputDirectory=.', '-DincludeScope=runtime'];
  try {
    await promisify(execFile)('mvn', args, {
      cwd: folder,
      env: toolEnvironment(),
      timeout: TEN_MINUTES_MS,
      ...(signal && { signal }),
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(0, 12).join('\n    ');
    throw new Error(
      `Maven could not fetch Kafka. It needs a Maven repository it can reach.\n    ${said}`,
      {
        cause,
      },
    );
  }
}

function moveInto(scratch: string, folder: string): void {
  if (existsSync(folder) && !hasKafkaJars(folder)) rmSync(folder, { recursive: true });
  try {
    renameSync(scratch, folder);
  } catch (fault) {
    // another process was first, with the same jars
    if (!hasKafkaJars(folder)) throw fault;
  }
}
