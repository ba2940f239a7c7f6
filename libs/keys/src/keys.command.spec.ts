import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const command = join(import.meta.dirname, 'keys.command.ts');
let directory: string;
let file: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-keys-'));
  file = join(directory, 'keyring.json');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function keys(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('makes, rotates and destroys keys, and prints none of them', () => {
  const outputs = [
    keys('init', '--keyring', file, '--project', 'kamaji', '--project', 'kusk'),
    keys('rotate', '--keyring', file, '--project', 'kamaji', '--starts-in', '0'),
    keys('destroy', '--keyring', file, '--project', 'kamaji', '--epoch', '1'),
  ];
  expect(outputs.map(({ status }) => status)).toEqual([0, 0, 0]);
  expect(outputs.map(({ stdout }) => stdout)).toEqual([
    'project kamaji: epoch 1 made\nproject kusk: epoch 1 made\n',
    'project kamaji: epoch 2 made\n',
    'project kamaji: epoch 1 destroyed\n',
  ]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1 });
});

it.each([
  ['no command', ['--keyring', 'x', '--project', 'kamaji']],
  ['no project', ['init', '--keyring', 'x']],
  ['an unknown option', ['init', '--keyring', 'x', '--project', 'kamaji', '--force']],
  ['a project that is a path', ['init', '--keyring', 'x', '--project', '../kamaji']],
])('explains itself and exits 2 for %s', (_name, args) => {
  const { status, stderr } = keys(...args);
  expect(status).toBe(2);
  expect(stderr).toContain('Usage:');
});

it('exits 1 with a code when the keyring cannot be changed', () => {
  const { status, stderr } = keys(
    'rotate',
    '--keyring',
    join(directory, 'none.json'),
    '--project',
    'kamaji',
  );
  expect(status).toBe(1);
  expect(stderr).toContain('AN_KEYRING_INVALID');
  expect(existsSync(join(directory, 'none.json'))).toBe(false);
});
