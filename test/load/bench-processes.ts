import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadResult } from './load-client.ts';

function startScript(script: string, args: readonly string[] = []): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no output to read');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() =>
      Promise.reject(new Error('the process ended before it said anything')),
    ),
  ])) as [string];
  return line;
}

export interface Baseline {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a baseline server of this folder and waits for its port. */
export async function startBaseline(script: string): Promise<Baseline> {
  const child = startScript(script);
  const port = Number(await firstLine(child));
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

/** Runs the load client to its end. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const args = Object.entries(load).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return JSON.parse(await firstLine(startScript('load-client.ts', args))) as LoadResult;
}
