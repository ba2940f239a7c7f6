import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RollcallError, type Code } from '@rollcall/contracts-transport';
import { destroyEpoch, initProjects, rotateProjects } from './keyring-edit.ts';
import type { KeyringFile } from './keyring-file.schema.ts';
import { updateKeyring } from './keyring-store.ts';
import { loadKeyring, type LoadKeyringOptions } from './keyring.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-keys-'));
  file = join(directory, 'keyring.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const init = (...projects: string[]) =>
  updateKeyring(file, (current) => initProjects(current, projects, NOW));
const read = (): KeyringFile => JSON.parse(readFileSync(file, 'utf8')) as KeyringFile;

function refusal(options: LoadKeyringOptions): RollcallError {
  try {
    loadKeyring(file, options);
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
  throw new Error('the keyring was accepted');
}

function rewrite(change: (ring: Record<string, unknown>) => void): void {
  const ring = read() as unknown as Record<string, unknown>;
  change(ring);
  writeFileSync(file, JSON.stringify(ring));
}

describe('loadKeyring', () => {
  it('gives the keys of every project', () => {
    init('kamaji', 'kusk');
    const ring = loadKeyring(file, { projects: ['kamaji', 'kusk'] });
    expect([...ring.keys()]).toEqual(['kamaji', 'kusk']);
    expect(ring.get('kamaji')?.epochs).toMatchObject([{ epoch: 1, startsAt: NOW }]);
    expect(ring.get('kamaji')?.eventIdKey.reveal()).toHaveLength(32);
  });

  it('refuses when there is no file and says how to make one', () => {
    const error = refusal({ projects: ['kamaji'] });
    expect(error.code).toBe<Code>('AN_KEYRING_MISSING');
    expect(error.message).toContain('keys.command.ts init');
  });

  it.each([0o644, 0o640, 0o660, 0o604])('refuses a file that others may open (mode %o)', (mode) => {
    init('kamaji');
    chmodSync(file, mode);
    const error = refusal({ projects: ['kamaji'] });
    expect(error.code).toBe<Code>('AN_KEYRING_INVALID');
    expect(error.message).toContain(`chmod 600 ${file}`);
  });

  it('takes a group-readable file only when told to, and never a world-readable one', () => {
    init('kamaji');
    chmodSync(file, 0o440);
    expect(loadKeyring(file, { projects: ['kamaji'], allowGroupRead: true }).size).toBe(1);
    chmodSync(file, 0o444);
    expect(refusal({ projects: ['kamaji'], allowGroupRead: true }).code).toBe('AN_KEYRING_INVALID');
  });

  it('refuses when a project of the catalogue has no key', () => {
    init('kamaji');
    const error = refusal({ projects: ['kamaji', 'kusk'] });
    expect(error.message).toContain('no keys for kusk');
  });

  it.each<[string, (ring: Record<string, unknown>) => void]>([
    ['another version', (ring) => (ring['version'] = 2)],
    ['an unknown member', (ring) => (ring['extra'] = true)],
    ['no projects', (ring) => delete ring['projects']],
  ])('refuses a file with %s', (_name, change) => {
    init('kamaji');
    rewrite(change);
    expect(refusal({ projects: ['kamaji'] }).code).toBe('AN_KEYRING_INVALID');
  });

  it.each<[string, (project: KeyringFile['projects'][string]) => void]>([
    [
      'a short key',
      (project) => (project.event_id_key = Buffer.alloc(31, 'ab').toString('base64')),
    ],
    [
      'a placeholder key',
      (project) => (project.event_id_key = Buffer.alloc(32).toString('base64')),
    ],
    ['a key that is not base64', (project) => (project.event_id_key = 'x'.repeat(44))],
    ['one key used twice', (project) => (project.epochs[0]!.key = project.event_id_key)],
    ['epochs with a gap', (project) => (project.epochs[0]!.epoch = 2)],
    [
      'no live epoch',
      (project) => {
        project.epochs[0]!.key = null;
        project.epochs[0]!.destroyed_at = '2026-11-21T10:00:00Z';
      },
    ],
    ['a lost key without a date', (project) => (project.epochs[0]!.key = null)],
  ])('refuses %s without quoting it', (_name, change) => {
    init('kamaji');
    const ring = read();
    change(ring.projects['kamaji']!);
    writeFileSync(file, JSON.stringify(ring));
    const error = refusal({ projects: ['kamaji'] });
    expect(error.code).toBe('AN_KEYRING_INVALID');
    expect(error.message).not.toContain(ring.projects['kamaji']!.event_id_key);
  });

  it('does not quote a file that is not JSON', () => {
    init('kamaji');
    writeFileSync(file, 'c2VjcmV0LWtleS1ieXRlcw== {');
    const error = refusal({ projects: ['kamaji'] });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('c2Vj');
  });

  it('prints keys as fingerprints', () => {
    init('kamaji');
    const ring = loadKeyring(file, { projects: ['kamaji'] });
    const text = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify([...ring]);
    expect(text).toMatch(/\[key [0-9a-f]{8}\]/);
    expect(text).not.toContain(read().projects['kamaji']!.event_id_key);
  });
});

describe('the keyring file', () => {
  it('is made with mode 0600', () => {
    init('kamaji');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps every existing key when projects are added', () => {
    init('kamaji');
    const before = read().projects['kamaji'];
    expect(init('kamaji', 'kusk').done.map((change) => change.what)).toEqual(['kept', 'made']);
    expect(read().projects['kamaji']).toEqual(before);
  });

  it('gets a new epoch that starts later than it is made', () => {
    init('kamaji');
    updateKeyring(file, (ring) =>
      rotateProjects(ring, ['kamaji'], { nowMs: NOW, startsAtMs: NOW + 60_000 }),
    );
    const epochs = loadKeyring(file, { projects: ['kamaji'] }).get('kamaji')!.epochs;
    expect(epochs.map(({ epoch, startsAt }) => [epoch, startsAt])).toEqual([
      [1, NOW],
      [2, NOW + 60_000],
    ]);
    expect(epochs[0]!.key.fingerprint).not.toBe(epochs[1]!.key.fingerprint);
  });

  it('gets a new epoch on a schedule only when the newest one has become old', () => {
    init('kamaji');
    const yearMs = 365 * 86_400_000;
    const rotateAt = (nowMs: number) =>
      updateKeyring(file, (ring) =>
        rotateProjects(ring, ['kamaji'], { nowMs, startsAtMs: nowMs, olderThanMs: yearMs }),
      ).done[0];
    expect(rotateAt(NOW + yearMs - 1)).toMatchObject({ epoch: 1, what: 'kept' });
    expect(rotateAt(NOW + yearMs)).toMatchObject({ epoch: 2, what: 'made' });
    expect(rotateAt(NOW + yearMs + 1)).toMatchObject({ epoch: 2, what: 'kept' });
  });

  it('holds a destroyed key nowhere, and the record that there was one', () => {
    init('kamaji');
    const destroyed = read().projects['kamaji']!.epochs[0]!.key!;
    updateKeyring(file, (ring) =>
      rotateProjects(ring, ['kamaji'], { nowMs: NOW, startsAtMs: NOW }),
    );
    updateKeyring(file, (ring) => destroyEpoch(ring, 'kamaji', 1, NOW), { shred: true });
    expect(readFileSync(file, 'utf8')).not.toContain(destroyed);
    expect(read().projects['kamaji']!.epochs[0]).toMatchObject({ epoch: 1, key: null });
    expect(loadKeyring(file, { projects: ['kamaji'] }).get('kamaji')!.epochs).toHaveLength(1);
  });

  it('never loses its last key', () => {
    init('kamaji');
    const before = readFileSync(file, 'utf8');
    expect(() => updateKeyring(file, (ring) => destroyEpoch(ring, 'kamaji', 1, NOW))).toThrow(
      RollcallError,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('refuses a second command while one is at work', () => {
    expect(() => updateKeyring(file, () => init('kusk'))).toThrow('another command');
  });

  it('is left alone when it is malformed', () => {
    writeFileSync(file, '{', { mode: 0o600 });
    expect(() => init('kamaji')).toThrow(RollcallError);
    expect(readFileSync(file, 'utf8')).toBe('{');
  });
});
