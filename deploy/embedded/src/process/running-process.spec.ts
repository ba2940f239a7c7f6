import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import type { BoundedLog } from './bounded-log.ts';
import { RunningProcess } from './running-process.ts';

interface Ended {
  readonly lines: readonly string[];
  readonly tookMs: number;
}

/** Runs a script to its end. */
async function run(script: string): Promise<Ended> {
  const lines: string[] = [];
  const log: Pick<BoundedLog, 'append'> = { append: (line) => void lines.push(line) };
  const spec = {
    name: 'short',
    command: '/bin/sh',
    args: ['-c', script],
    cwd: tmpdir(),
    env: { PATH: '/usr/bin:/bin' },
    isReady: () => Promise.resolve(true),
    readyDeadlineMs: 1_000,
    stopBy: 'closing its input',
    stopDeadlineMs: 10_000,
    isAlarming: () => false,
  } as const;
  const running = await RunningProcess.spawn(spec, log as BoundedLog, () => undefined);
  const startedAt = performance.now();
  await running.stop();
  return { lines, tookMs: performance.now() - startedAt };
}

it('has ended only when its last line was read, also when others end at the same moment', async () => {
  // one end makes Node look for all of them: a process is then known to have ended before its output was read
  const ended: Ended[] = [];
  for (let round = 0; round < 10; round += 1)
    ended.push(
      ...(await Promise.all(Array.from({ length: 20 }, () => run('read -r _; echo last words')))),
    );
  expect(ended.filter(({ lines }) => !lines.includes('last words'))).toEqual([]);
});

it('does not wait for ever for output that a process of its own holds open', async () => {
  const { lines, tookMs } = await run('sleep 4 & echo last words');
  expect(lines).toEqual(['last words']);
  expect(tookMs).toBeLessThan(3_500);
});
