import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topicSpecs } from '@rollcall/contracts-transport';
import {
  buildBundle,
  bundleOf,
  freePorts,
  sharedKafkaLibsDir,
  staleBundles,
  startKafka,
  type KafkaServer,
} from '@rollcall/embedded';
import { ensureTopics } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';

const ROOT = join(import.meta.dirname, '../..');

/** A real Kafka with Rollcall's topics and nothing beside it, and gateways as processes of their own. */
export interface KafkaAlone {
  readonly dataDir: string;
  readonly kafka: KafkaServer;
  readonly brokers: string;
  end(): Promise<void>;
}

export interface LoneGateway {
  readonly url: string;
  readonly child: ChildProcess;
  readonly log: readonly string[];
}

export async function startKafkaAlone(partitionCount: number): Promise<KafkaAlone> {
  if (staleBundles().includes('gateway')) await buildBundle('gateway');
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-gateway-'));
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const kafka = await startKafka({ dataDir, port, controllerPort, libsDir: sharedKafkaLibsDir });
  const settings = { brokers: kafka.brokers, clientId: 'rollcall-tests' };
  await ensureTopics(settings, topicSpecs(partitionCount), silentLog, { replicationFactor: 1 });
  return {
    dataDir,
    kafka,
    brokers: kafka.brokers.join(','),
    end: async () => {
      await kafka.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts a gateway from its bundle and waits until it answers at all: Kafka may be away. */
export async function startLoneGateway(
  brokers: string,
  settings: Readonly<Record<string, string>>,
): Promise<LoneGateway> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [bundleOf('gateway')], {
    env: {
      KAFKA_BROKERS: brokers,
      GATEWAY_PORT: String(port),
      CATALOGUE_DIR: join(ROOT, 'catalogue'),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await statusOf(`${url}/health/live`)) === 200, 20_000);
  return { url, child, log };
}

/** Ends a gateway in the given way. @returns its exit code and how long that took. */
export async function endGateway(
  { child }: LoneGateway,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<{ code: number | null; tookMs: number }> {
  if (child.exitCode !== null || child.signalCode !== null)
    return { code: child.exitCode, tookMs: 0 };
  const startedAt = performance.now();
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  const [code] = await exited;
  return { code, tookMs: Math.round(performance.now() - startedAt) };
}

export async function statusOf(url: string): Promise<number> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

export async function until(isSo: () => Promise<boolean>, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not so within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
