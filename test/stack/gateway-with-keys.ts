import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleOf, freePorts, type RollcallStack } from '@rollcall/embedded';

/** Write keys in clear, by project. */
export type KeysByProject = Readonly<Record<string, readonly string[]>>;

export interface OneGateway {
  readonly url: string;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;
const POLL_MS = 100;

async function awaitReady(url: string): Promise<void> {
  const until = performance.now() + READY_LIMIT_MS;
  while (performance.now() < until) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(POLL_MS);
  }
  throw new Error(`the gateway on ${url} is not ready after ${READY_LIMIT_MS} ms`);
}

/** Starts one more gateway of a stack: one that accepts these keys, given to it as an operator gives them. */
export async function startGatewayWithKeys(
  stack: RollcallStack,
  dataDir: string,
  keys: KeysByProject,
): Promise<OneGateway> {
  const [port = 0] = await freePorts(1);
  const keysFile = join(dataDir, 'captured-keys.json');
  const sums = Object.entries(keys).map(([project, clear]) => [
    project,
    clear.map((key) => createHash('sha256').update(key).digest('hex')),
  ]);
  writeFileSync(keysFile, JSON.stringify(Object.fromEntries(sums)), { mode: 0o600 });
  const child = spawn(process.execPath, [bundleOf('gateway')], {
    env: {
      ...stack.environmentOf('gateway'),
      GATEWAY_PORT: String(port),
      ROLLCALL_WRITE_KEYS_FILE: keysFile,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(dataDir, 'logs', 'gateway-with-keys.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await awaitReady(url);
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      log.end();
    },
  };
}
