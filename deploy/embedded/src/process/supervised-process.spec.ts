import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Guard } from './guard.ts';
import type { ProcessSpec } from './running-process.ts';
import { restartDelayMs, SupervisedProcess, type ProcessNews } from './supervised-process.ts';

let folder = '';
let guard: Guard;
let told: string[] = [];

const news: ProcessNews = {
  crashed: (name, exit, lines) =>
    told.push(`${name} crashed (${exit.signal ?? exit.code}) after: ${lines.join(', ')}`),
  recovered: (name) => told.push(`${name} recovered`),
  alarmed: (name, line) => told.push(`${name}: ${line}`),
  changed: () => undefined,
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-supervised-'));
  guard = new Guard();
  told = [];
});

afterEach(() => {
  guard.close();
  rmSync(folder, { recursive: true });
});

function supervise(script: string, changes: Partial<ProcessSpec> = {}): SupervisedProcess {
  const spec: ProcessSpec = {
    name: 'sleeper',
    command: '/bin/sh',
    args: ['-c', script],
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    isReady: () => Promise.resolve(true),
    readyDeadlineMs: 2_000,
    stopBy: 'SIGTERM',
    stopDeadlineMs: 1_000,
    isAlarming: (line) => line.startsWith('ALARM'),
    ...changes,
  };
  return new SupervisedProcess(spec, { logFile: join(folder, 'sleeper.log'), guard, news });
}

describe('a supervised process', () => {
  it('that crashes is told by name with its last lines, and comes back', async () => {
    const sleeper = supervise('echo awake; sleep 60');
    await sleeper.start();
    await sleep(100);
    const before = sleeper.pid;
    await sleeper.kill('SIGKILL');
    await sleeper.whenReady();
    expect(sleeper.pid).not.toBe(before);
    await sleeper.stop();
    expect(told).toEqual(['sleeper crashed (SIGKILL) after: awake', 'sleeper recovered']);
  });

  it('stays down once it was stopped', async () => {
    const sleeper = supervise('sleep 60');
    await sleeper.start();
    await sleeper.stop();
    await sleep(400);
    expect(sleeper.pid).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('can be stopped between a crash and its restart', async () => {
    const sleeper = supervise('sleep 60');
    await sleeper.start();
    await sleeper.kill('SIGKILL');
    await sleeper.stop();
    await sleep(400);
    expect(sleeper.pid).toBeUndefined();
  });

  it('can be started again after it was stopped', async () => {
    const sleeper = supervise('sleep 60');
    await sleeper.start();
    await sleeper.restart();
    expect(sleeper.pid).toBeDefined();
    await sleeper.stop();
  });

  it('that ignores the request to stop is ended at its deadline', async () => {
    const deaf = supervise('trap "" TERM; while :; do sleep 0.1; done', { stopDeadlineMs: 300 });
    await deaf.start();
    await sleep(100);
    await deaf.stop();
    expect(deaf.pid).toBeUndefined();
  });

  it('that ends with its input needs no signal', async () => {
    const reader = supervise('read -r line; echo ended by itself; exit 0', {
      stopBy: 'closing its input',
    });
    await reader.start();
    await reader.stop();
    expect(readFileSync(join(folder, 'sleeper.log'), 'utf8')).toContain('ended by itself');
  });

  it('gets no more of the environment than it was given', async () => {
    const printer = supervise('env; sleep 60', { env: { PATH: '/usr/bin:/bin', ONLY: 'this' } });
    await printer.start();
    await sleep(200);
    await printer.stop();
    const variables = readFileSync(join(folder, 'sleeper.log'), 'utf8').match(/^[A-Z]\w*(?==)/gm);
    expect(variables?.filter((name) => !['PWD', 'SHLVL', 'OLDPWD'].includes(name)).sort()).toEqual([
      'ONLY',
      'PATH',
    ]);
  });

  it('alarms with some of its lines, once it is ready', async () => {
    const sleeper = supervise('sleep 0.3; echo ALARM fire; echo all is well; sleep 60');
    await sleeper.start();
    await sleep(700);
    await sleeper.stop();
    expect(told).toEqual(['sleeper: ALARM fire']);
  });
});

describe('the start of a supervised process', () => {
  it('is given up when it keeps ending, with what it said last', async () => {
    const failing = supervise('echo no such file; exit 3', {
      isReady: () => Promise.resolve(false),
    });
    await expect(failing.start()).rejects.toThrow(
      /sleeper ended \(exit code 3\).*It said last:\s+no such file/s,
    );
    expect(failing.pid).toBeUndefined();
  });

  it('is given up when it does not answer in time', async () => {
    const silent = supervise('sleep 60', {
      isReady: () => Promise.resolve(false),
      readyDeadlineMs: 100,
    });
    await expect(silent.start()).rejects.toThrow('sleeper did not answer within 0.1 s');
    expect(silent.pid).toBeUndefined();
  });

  it('fails when there is no such command', async () => {
    const missing = supervise('', { command: join(folder, 'nothing-here') });
    await expect(missing.start()).rejects.toThrow('sleeper cannot be started');
  });
});

describe('the delay before a restart', () => {
  it('is short after the first crash, doubles, and ends at ten seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(restartDelayMs)).toEqual([
      200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000,
    ]);
  });
});
