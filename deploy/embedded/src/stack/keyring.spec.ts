import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotateDueKeys, setUpKeyring } from './keyring.ts';
import { REPOSITORY } from './repository.ts';

interface Keyring {
  readonly projects: Record<string, { readonly epochs: { created_at: string }[] }>;
}

let folder: string;
const place = () => ({
  catalogueDir: join(REPOSITORY, 'catalogue'),
  keyringFile: join(folder, 'keyring.json'),
});
const read = (): Keyring => JSON.parse(readFileSync(place().keyringFile, 'utf8')) as Keyring;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-keyring-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('makes keys for every project and begins a new epoch when the catalogue’s time is over', async () => {
  await setUpKeyring(place());
  const made = read();
  expect(Object.keys(made.projects)).toHaveLength(5);
  await rotateDueKeys(place());
  expect(read()).toEqual(made);

  const longAgo = new Date(Date.now() - 400 * 86_400_000).toISOString();
  const kamaji = made.projects['kamaji'];
  if (kamaji?.epochs[0] !== undefined) kamaji.epochs[0].created_at = longAgo;
  writeFileSync(place().keyringFile, JSON.stringify(made), { mode: 0o600 });
  await rotateDueKeys(place());
  const epochs = Object.entries(read().projects).map(([name, { epochs }]) => [name, epochs.length]);
  expect(Object.fromEntries(epochs)).toMatchObject({ kamaji: 2, sveltos: 1, cozystack: 1 });
}, 30_000);
