import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultStoragePath, fileStorage } from './file-storage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-client-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file', () => {
  it('is its owner’s alone, and there is nothing else beside it', () => {
    const path = join(folder, 'kusk', 'telemetry.json');
    const storage = fileStorage(path);
    expect(storage.read()).toBeNull();
    storage.write('{"choice":"disabled"}');
    storage.write('{"choice":"enabled"}');
    expect(storage.read()).toBe('{"choice":"enabled"}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'kusk')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'kusk'))).toEqual(['telemetry.json']);
  });

  it('becomes its owner’s alone when it was not', () => {
    const path = join(folder, 'telemetry.json');
    writeFileSync(path, '{}');
    chmodSync(path, 0o644);
    fileStorage(path).write('{}');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not read when it is none, for a pipe would block the program', () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(() => fileStorage(path).read()).toThrow();
    expect(() => fileStorage(folder).read()).toThrow();
  });

  it('is not read when it is too large to be the kit’s', () => {
    const path = join(folder, 'telemetry.json');
    writeFileSync(path, ' '.repeat(5_000));
    expect(() => fileStorage(path).read()).toThrow();
  });

  it('leaves nothing behind when it cannot be replaced', () => {
    const path = join(folder, 'telemetry.json');
    mkdirSync(join(path, 'in-the-way'), { recursive: true });
    expect(() => fileStorage(path).write('{}')).toThrow();
    expect(readdirSync(folder)).toEqual(['telemetry.json']);
  });
});

describe('the place of the file', () => {
  const path = (environment: { xdgConfigHome?: string; appData?: string }, platform: string) =>
    defaultStoragePath(
      'kusk',
      { xdgConfigHome: undefined, appData: undefined, ...environment },
      platform,
    );

  it.each([
    ['linux', {}, join(homedir(), '.config/kusk/telemetry.json')],
    ['linux', { xdgConfigHome: '/settings' }, '/settings/kusk/telemetry.json'],
    ['linux', { xdgConfigHome: 'relative' }, join(homedir(), '.config/kusk/telemetry.json')],
    ['darwin', {}, join(homedir(), 'Library/Application Support/kusk/telemetry.json')],
    ['win32', { appData: '/AppData' }, '/AppData/kusk/telemetry.json'],
    ['win32', {}, undefined],
  ])('on %s with %j is %s', (platform, environment, expected) => {
    expect(path(environment, platform)).toBe(expected);
  });
});
