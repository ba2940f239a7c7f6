import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, isPortFree, processEnvironment, sharedKafkaLibsDir } from '@rollcall/embedded';

const ROOT = join(import.meta.dirname, '../..');
const BOOTSTRAP = join(ROOT, 'deploy/embedded/bootstrap.mjs');
const PORT_VARIABLES = [
  'GATEWAY_PORT',
  'ANONYMIZER_PORT',
  'SINK_PORT',
  'CLICKHOUSE_HTTP_PORT',
  'CLICKHOUSE_TCP_PORT',
  'KAFKA_PORT',
  'KAFKA_CONTROLLER_PORT',
];

/** The environment of one Rollcall: its directory and its ports. */
export type Place = Readonly<Record<string, string>>;

/** @returns a place with free ports. */
export async function choosePlace(dataDir: string): Promise<Place> {
  const ports = await freePorts(PORT_VARIABLES.length);
  return {
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_KAFKA_LIBS_DIR: sharedKafkaLibsDir,
    ...Object.fromEntries(PORT_VARIABLES.map((name, index) => [name, String(ports[index])])),
  };
}

/** `npm start` as npm runs it. */
export class Launched {
  readonly #child: ChildProcess;
  readonly #place: Place;
  #output = '';

  constructor(place: Place) {
    this.#place = place;
    this.#child = spawn(process.execPath, [BOOTSTRAP, 'start'], {
      cwd: ROOT,
      env: { ...processEnvironment(), ...place },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.#output += text.toString();
      });
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until the text was said. */
  async says(text: string | RegExp): Promise<void> {
    const isSaid = (): boolean =>
      typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output);
    for (let waited = 0; waited < 120_000; waited += 50) {
      if (isSaid()) return;
      if (this.#child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`was to say ${String(text)}, but said:\n${this.#output}`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** @returns the exit code. */
  async exit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** @returns the process ids of what was started, by name, and the launcher's own. */
  pids(): Record<string, number> {
    const read = (file: string): unknown =>
      JSON.parse(readFileSync(join(this.#place['ROLLCALL_DATA_DIR'] ?? '', file), 'utf8'));
    const launcher = read('launcher.lock') as { pid: number };
    const children = Object.entries(read('processes.json') as Record<string, { pid: number }>);
    return {
      launcher: launcher.pid,
      ...Object.fromEntries(children.map(([name, { pid }]) => [name, pid])),
    };
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // a container's first process may be slow to take note of an end
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

/** @returns what still runs or listens after a while in which it may end. */
export async function leftOver(place: Place, pids: Record<string, number>): Promise<string[]> {
  const running = (): string[] => Object.keys(pids).filter((name) => isThere(pids[name] ?? 0));
  for (let waited = 0; waited < 20_000 && running().length > 0; waited += 100) await sleep(100);
  const taken = PORT_VARIABLES.map(async (name) =>
    (await isPortFree(Number(place[name]))) ? [] : [name],
  );
  return [...running(), ...(await Promise.all(taken)).flat()];
}
