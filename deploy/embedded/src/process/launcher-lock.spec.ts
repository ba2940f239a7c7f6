import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LauncherLock } from './launcher-lock.ts';
import { identityOf } from './process-identity.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-lock-'));
  file = join(folder, 'launcher.lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

const holder = (): unknown => JSON.parse(readFileSync(file, 'utf8'));

it('is held by one process and named to the next', () => {
  expect(new LauncherLock(file).acquire()).toBeUndefined();
  expect(new LauncherLock(file).acquire()).toEqual(identityOf(process.pid));
});

it('is free again when it was released', () => {
  const lock = new LauncherLock(file);
  lock.acquire();
  lock.release();
  expect(new LauncherLock(file).acquire()).toBeUndefined();
});

it('is not released by one who does not hold it', () => {
  new LauncherLock(file).acquire();
  const second = new LauncherLock(file);
  second.acquire();
  second.release();
  expect(holder()).toEqual(identityOf(process.pid));
});

it.each([
  ['a process that has ended', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'long ago' })],
  ['another process that has the same number by now', JSON.stringify({ pid: 1, startedAt: 'x' })],
  ['half a line, left by a crash', '{"pid":'],
])('does not hold for %s', (_title, text) => {
  writeFileSync(file, text);
  expect(new LauncherLock(file).acquire()).toBeUndefined();
  expect(holder()).toEqual(identityOf(process.pid));
});
