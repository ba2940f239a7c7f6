import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { analystOf } from '../fault/ledger.ts';
import { residentMiB } from '../load/process-usage.ts';
import type { Account } from './books.ts';
import { memoryFaults } from './flatness.ts';
import { MemoryWatch, type MemoryReading } from './memory-watch.ts';
import { Mix } from './mix.ts';
import { compareWithStore, type Disagreements } from './stored.ts';
import { wiresOf } from './wires.ts';

export interface MixPlan {
  /** Sent, answered and stored like the others, before the memory is judged. */
  readonly warmUp: number;
  readonly requests: number;
  readonly seed: number;
}

/** Memory of the gateway. */
export interface MixMemory {
  /** Before the first request. */
  readonly start: MemoryReading;
  readonly warm: MemoryReading;
  /** Resident MiB after each tenth of the requests after the warm-up. */
  readonly tenths: readonly number[];
  readonly end: MemoryReading;
}

export interface MixReport {
  readonly plan: MixPlan;
  readonly account: Account;
  readonly disagreements: Disagreements;
  readonly memory: MixMemory;
  /** Why the memory was not flat. */
  readonly memoryFaults: readonly string[];
  readonly seconds: number;
}

/** Starts a Rollcall, sends a mix of good and bad through it, and compares what was answered with what is stored. */
export async function runMix(plan: MixPlan): Promise<MixReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bad-input-'));
  const watch = new MemoryWatch(dataDir);
  const stack = await startRollcall({
    dataDir,
    serviceEnvironment: {
      gateway: {
        NODE_OPTIONS: watch.nodeOptions,
        // all of the test is one address, and each project is one key
        GATEWAY_RATE_ADDRESS_PER_SECOND: '0',
        GATEWAY_RATE_KEY_PER_SECOND: '0',
      },
      anonymizer: {},
      sink: {},
    },
  });
  try {
    const pid = gatewayOf(stack);
    const mix = mixFor(stack, plan.seed);
    const startedAt = performance.now();
    const memory = await sendAll(mix, plan, pid, watch);
    const seconds = (performance.now() - startedAt) / 1_000;
    mix.close();
    const { account } = mix;
    const place = { dataDir, access: analystOf(stack) };
    const disagreements = await compareWithStore(place, account, 60_000);
    const faults = [
      ...memoryFaults({ before: memory.warm, after: memory.end, requests: plan.requests }),
      ...(gatewayOf(stack) === pid ? [] : ['the gateway ended and was started again']),
    ];
    return { plan, account, disagreements, memory, memoryFaults: faults, seconds };
  } finally {
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function gatewayOf(stack: RollcallStack): number {
  const pid = stack.pids()['gateway'];
  if (pid === undefined) throw new Error('the gateway does not run');
  return pid;
}

function mixFor(stack: RollcallStack, seed: number): Mix {
  const { kusk, glasskube } = stack.credentials.projects;
  const wires = wiresOf({ kusk: kusk.write_key, glasskube: glasskube.api_key });
  return new Mix(stack.urlOf('gateway'), wires, seed);
}

async function sendAll(
  mix: Mix,
  { warmUp, requests }: MixPlan,
  pid: number,
  watch: MemoryWatch,
): Promise<MixMemory> {
  const start = await watch.read(pid);
  await mix.send(warmUp);
  const warm = await watch.read(pid);
  const tenths: number[] = [];
  await mix.send(requests, () => tenths.push(residentMiB(pid)));
  return { start, warm, tenths, end: await watch.read(pid) };
}
