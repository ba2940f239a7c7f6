import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityOf } from './process-identity.ts';
import { endOrphans, ProcessList } from './process-list.ts';

let folder = '';
let file = '';
let child: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-list-'));
  file = join(folder, 'processes.json');
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
});

afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

it('names what runs, and forgets what has ended', () => {
  const list = new ProcessList(file);
  list.set('kafka', child.pid);
  list.set('sink', process.pid);
  list.set('sink', undefined);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ kafka: identityOf(child.pid ?? 0) });
});

it('lets the next start end what was left', async () => {
  new ProcessList(file).set('kafka', child.pid);
  expect(await endOrphans(file)).toEqual(['kafka']);
  expect(identityOf(child.pid ?? 0)).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

it('leaves alone a process that only has the same number', async () => {
  writeFileSync(file, JSON.stringify({ kafka: { pid: child.pid, startedAt: 'another time' } }));
  expect(await endOrphans(file)).toEqual([]);
  expect(identityOf(child.pid ?? 0)).toBeDefined();
});

it('ends nothing when there is no list', async () => {
  expect(await endOrphans(file)).toEqual([]);
});
