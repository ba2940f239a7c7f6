import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRollcall } from '@rollcall/embedded';
import { analystOf } from '../fault/ledger.ts';
import { residentMiB } from '../load/process-usage.ts';
import { sendMix, type MixResult } from './mix.ts';
import { compareWithStore, type Disagreements } from './stored.ts';
import { wiresOf } from './wires.ts';

export interface MixReport {
  readonly result: MixResult;
  readonly disagreements: Disagreements;
  /** Resident memory of the gateway after each tenth, MiB. */
  readonly residentMiB: readonly number[];
  readonly seconds: number;
}

/** Starts a Rollcall, sends a mix of good and bad through it, and compares what was answered with what is stored. */
export async function runMix(requests: number, seed: number): Promise<MixReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bad-input-'));
  const stack = await startRollcall({
    dataDir,
    // all of the test is one address, and each project is one key
    serviceEnvironment: {
      gateway: { GATEWAY_RATE_ADDRESS_PER_SECOND: '0', GATEWAY_RATE_KEY_PER_SECOND: '0' },
      anonymizer: {},
      sink: {},
    },
  });
  try {
    const { kusk, glasskube } = stack.credentials.projects;
    const memory: number[] = [];
    const startedAt = performance.now();
    const result = await sendMix({
      gateway: stack.urlOf('gateway'),
      wires: wiresOf({ kusk: kusk.write_key, glasskube: glasskube.api_key }),
      requests,
      seed,
      tenthDone: () => memory.push(Math.round(residentMiB(stack.pids()['gateway'] ?? 0))),
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const place = { dataDir, access: analystOf(stack) };
    const disagreements = await compareWithStore(place, result, 60_000);
    return { result, disagreements, residentMiB: memory, seconds };
  } finally {
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The report as people read it. */
export function describeReport({ result, residentMiB: memory, seconds }: MixReport): string {
  const sum = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((total, count) => total + count, 0);
  return [
    `${sum(result.kept)} events to keep: ${[...result.kept].map(([dialect, n]) => `${dialect} ${n}`).join(', ')}`,
    `${sum(result.bad)} bad requests in ${result.bad.size} cells of kind and dialect; answered otherwise than expected: ${result.wrongCount}`,
    `gateway, resident MiB after each tenth: ${memory.join(' ')}`,
    `${seconds.toFixed(0)} s`,
  ].join('\n');
}
