import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { identityOf } from './process-identity.ts';

/** A launcher with two children, of which it has one guarded; it says their numbers and is killed. */
const LAUNCHER = `
  import { spawn } from 'node:child_process';
  import { Guard } from ${JSON.stringify(join(import.meta.dirname, 'guard.ts'))};
  const start = () => spawn('sleep', ['30'], { stdio: 'ignore', detached: true }).pid;
  const [guarded, other] = [start(), start()];
  new Guard().watch(guarded);
  console.log(guarded + ' ' + other);
  setInterval(() => undefined, 1000);
`;

async function isGoneSoon(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    if (!identityOf(pid)) return true;
    await sleep(50);
  }
  return false;
}

it('ends the guarded children of a launcher that was killed by force, and nothing else', async () => {
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', LAUNCHER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
  const [guarded = 0, other = 0] = line.toString().split(' ').map(Number);
  expect(identityOf(guarded)).toBeDefined();
  await sleep(100);
  launcher.kill('SIGKILL');
  const isGone = await isGoneSoon(guarded);
  const isOtherThere = identityOf(other) !== undefined;
  process.kill(other, 'SIGKILL');
  expect({ isGone, isOtherThere }).toEqual({ isGone: true, isOtherThere: true });
});
