import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { bundleOf, freePorts, type RollcallStack, type ServiceName } from '@rollcall/embedded';
import { awaitReady } from './ledger.ts';

/** One more replica of a service, started by hand from its bundle and nothing but its environment. */
export interface ExtraService {
  readonly name: string;
  readonly url: string;
  /** Partitions of its last join of its group, as it says in its log. */
  assignment(): string;
  /** SIGTERM. @returns exit code and how long it took. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
  /** For clearing up: ends it at once if it still runs. */
  end(): void;
}

interface LogLine {
  readonly msg?: string;
  readonly partitions?: string;
}

/** Starts a replica on a free port and waits until it is ready. */
export async function startExtra(
  stack: RollcallStack,
  service: ServiceName,
  logFile?: string,
): Promise<ExtraService> {
  const [port = 0] = await freePorts(1);
  const env = { ...stack.environmentOf(service), [`${service.toUpperCase()}_PORT`]: String(port) };
  const child = spawn(process.execPath, [bundleOf(service)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let assignment = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (logFile !== undefined) appendFileSync(logFile, `${line}\n`);
    const { msg, partitions } = JSON.parse(line) as LogLine;
    if (msg === 'Joined the consumer group.') assignment = partitions ?? '';
  });
  const url = `http://127.0.0.1:${port}`;
  await awaitReady(url, 60_000).catch((fault: unknown) => {
    child.kill('SIGKILL');
    throw fault;
  });
  return {
    name: `${service} on ${port}`,
    url,
    assignment: () => assignment,
    end: () => void child.kill('SIGKILL'),
    stop: async () => {
      const startedAt = performance.now();
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      const [code] = await exited;
      return { code, tookMs: Math.round(performance.now() - startedAt) };
    },
  };
}
