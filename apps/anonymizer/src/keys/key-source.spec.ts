import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from '@rollcall/contracts-transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeySource } from './key-source.ts';

let directory: string;
let file: string;
let source: KeySource | undefined;
let reports: string[];

const base64 = (fill: string) => Buffer.alloc(32, fill).toString('base64');
const epoch = (number: number, fill: string) => ({
  epoch: number,
  created_at: '2026-11-21T10:00:00Z',
  key: base64(fill),
});

function write(...epochs: object[]): void {
  const projects = { acme: { event_id_key: base64('event id'), epochs } };
  writeFileSync(file, JSON.stringify({ version: 1, projects }), { mode: 0o600 });
}

function open(projects: readonly string[] = ['acme']): KeySource {
  source = new KeySource({
    file,
    projects,
    allowGroupRead: false,
    reports: {
      keyringLoaded: (fingerprints) => void reports.push(`loaded ${fingerprints.length}`),
      keyringRefused: (error) =>
        void reports.push(`refused ${error instanceof RollcallError ? error.code : 'otherwise'}`),
    },
  });
  return source;
}

const epochsOf = (keys: KeySource) => keys.keysOf('acme')?.epochs.map(({ key }) => key.epoch);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-key-source-'));
  file = join(directory, 'keyring.json');
  reports = [];
});
afterEach(() => {
  source?.close();
  rmSync(directory, { recursive: true, force: true });
});

it('cannot be made without a keyring', () => {
  expect(() => open()).toThrow(RollcallError);
  expect(reports).toEqual([]);
});

it('cannot be made when a project of the catalogue has no keys', () => {
  write(epoch(1, 'one'));
  expect(() => open(['acme', 'kusk'])).toThrow('no keys for kusk');
});

it('gives the keys of known projects and none of others', () => {
  write(epoch(1, 'one'));
  const keys = open();
  expect(epochsOf(keys)).toEqual([1]);
  expect(keys.keysOf('kusk')).toBeUndefined();
});

it('takes a rotated keyring without a restart', () => {
  write(epoch(1, 'one'));
  const keys = open();
  write(epoch(1, 'one'), epoch(2, 'two'));
  keys.look();
  expect(epochsOf(keys)).toEqual([1, 2]);
  expect(reports).toEqual(['loaded 1', 'loaded 1']);
});

it('keeps the keys it has when the new file cannot be used, and says so once', () => {
  write(epoch(1, 'one'));
  const keys = open();
  writeFileSync(file, '{');
  keys.look();
  keys.look();
  expect(epochsOf(keys)).toEqual([1]);
  expect(reports).toEqual(['loaded 1', 'refused AN_KEYRING_INVALID']);
});

it('takes the file again once it is mended', () => {
  write(epoch(1, 'one'));
  const keys = open();
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  keys.look();
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o644);
  keys.look();
  chmodSync(file, 0o600);
  keys.look();
  expect(reports).toEqual([
    'loaded 1',
    'refused AN_KEYRING_MISSING',
    'refused AN_KEYRING_INVALID',
    'loaded 1',
  ]);
});
