import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessName, ServiceName } from '@rollcall/embedded';
import { startExtra, type ExtraService } from './extra-service.ts';
import { KINDS, type Fault, type Hop } from './fault-plan.ts';
import type { FaultStack } from './fault-stack.ts';
import type { RunLoad } from './run-load.ts';

/** What faults are injected into. */
export interface Scene {
  readonly faulted: FaultStack;
  readonly load: RunLoad;
  /** Gateways that take requests; an added one joins them for its time. */
  readonly gateways: Set<string>;
  /** Called when a fault begins to do harm: with it an outage begins. */
  readonly harmed: () => void;
}

/** Replicas that run just now. */
const extras = new Set<ExtraService>();

/** For clearing up when a run is broken off. */
export function endExtras(): void {
  for (const extra of extras) extra.end();
}

const FULL_WITHIN_MS = 15_000;
/** A cut connection is made anew within this time, or the cut is over anyway. */
const ANSWER_WITHIN_MS = 20_000;

/** Two faults of one process come one after the other. */
const turns = new Map<string, Promise<void>>();

function inTurn(name: string, act: () => Promise<void>): Promise<void> {
  const turn = (turns.get(name) ?? Promise.resolve()).then(act);
  turns.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}

async function pause(
  { faulted, harmed }: Scene,
  name: ProcessName,
  lastsMs: number,
): Promise<void> {
  const process_ = faulted.stack.process(name);
  await process_.whenReady();
  const pid = process_.pid;
  if (pid === undefined) return;
  harmed();
  process.kill(pid, 'SIGSTOP');
  try {
    await sleep(lastsMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function addReplica(scene: Scene, service: ServiceName, fault: Fault): Promise<void> {
  const { stack, dataDir } = scene.faulted;
  const logFile = join(dataDir, 'logs', `extra-${service}.log`);
  const extra = await startExtra(stack, service, logFile);
  extras.add(extra);
  try {
    if (service === 'gateway') scene.gateways.add(extra.url);
    await sleep(fault.lastsMs);
    // while it is there it is no outage: that begins when it goes
    scene.harmed();
    if (fault.signal === 'SIGKILL') extra.end();
    else await extra.stop();
  } finally {
    scene.gateways.delete(extra.url);
    extra.end();
    extras.delete(extra);
  }
}

async function disturb({ faulted, harmed }: Scene, hop: Hop, fault: Fault): Promise<void> {
  const proxy = faulted.proxies[hop];
  const kind = KINDS[fault.kind];
  harmed();
  if (kind?.does === 'cut') {
    const answered = proxy.nextAnswer();
    proxy.cut();
    await Promise.race([answered, sleep(ANSWER_WITHIN_MS, undefined, { ref: false })]);
    return;
  }
  if (kind?.does === 'refuse') proxy.refuse();
  else if (kind?.does === 'stall') proxy.stall();
  else proxy.delay(fault.delayMs);
  await sleep(fault.lastsMs);
  proxy.heal();
}

async function fillSpool({ faulted, load, harmed }: Scene): Promise<void> {
  const kafka = faulted.stack.process('kafka');
  const before = load.tally.statuses.get(503) ?? 0;
  harmed();
  await kafka.stop();
  const until = performance.now() + FULL_WITHIN_MS;
  while ((load.tally.statuses.get(503) ?? 0) === before && performance.now() < until)
    await sleep(50);
  await kafka.start();
}

/** Injects a fault and removes it again. Resolves when it is removed; nobody is well again by that alone. */
export async function inject(scene: Scene, fault: Fault): Promise<void> {
  const kind = KINDS[fault.kind];
  if (kind === undefined) throw new Error(`there is no fault of the kind ${fault.kind}`);
  const { stack } = scene.faulted;
  switch (kind.does) {
    case 'kill':
      return inTurn(kind.process, async () => {
        await stack.process(kind.process).whenReady();
        scene.harmed();
        await stack.process(kind.process).kill('SIGKILL');
      });
    case 'pause':
      return inTurn(kind.process, () => pause(scene, kind.process, fault.lastsMs));
    case 'restart':
      return inTurn(kind.process, () => {
        scene.harmed();
        return stack.process(kind.process).restart();
      });
    case 'full-spool':
      return inTurn('kafka', () => fillSpool(scene));
    case 'replica':
      return inTurn(`replica ${kind.service}`, () => addReplica(scene, kind.service, fault));
    default:
      return inTurn(kind.hop, () => disturb(scene, kind.hop, fault));
  }
}
