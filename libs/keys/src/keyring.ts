import { readFileSync, statSync, type Stats } from 'node:fs';
import { RollcallError } from '@rollcall/contracts-transport';
import { KeyMaterial } from './key-material.ts';
import { parseKeyringFile, type KeyringFile } from './keyring-file.schema.ts';

/** A key epoch that still has its key. */
export interface EpochKey {
  readonly epoch: number;
  /** Epoch ms. Events received from here on use this key, until a later epoch starts. */
  readonly startsAt: number;
  readonly key: KeyMaterial;
}

/** All live keys of one project. `epochs` is ascending and never empty. */
export interface ProjectKeyMaterial {
  readonly eventIdKey: KeyMaterial;
  readonly epochs: readonly EpochKey[];
}

/** Keys by project. */
export type Keyring = ReadonlyMap<string, ProjectKeyMaterial>;

/** What a keyring file is checked against. */
export interface LoadKeyringOptions {
  /** Projects that must have keys: those of the catalogue. */
  readonly projects: readonly string[];
  /** For secrets mounted by an orchestrator as root:group 0440. World access is refused all the same. */
  readonly allowGroupRead?: boolean;
}

const GROUP_READ = 0o040;
const ALL_BUT_OWNER = 0o077;

/**
 * Reads the keyring.
 *
 * Guarantee: gives keys for every named project or throws; nothing is made up, no default key exists. Messages name
 * places in the file and never a key.
 * @throws AN_KEYRING_MISSING when there is no such file
 * @throws AN_KEYRING_INVALID when others may read it, when it is malformed, when a project has no key
 */
export function loadKeyring(file: string, options: LoadKeyringOptions): Keyring {
  assertPrivate(file, statKeyring(file, options.projects), options.allowGroupRead ?? false);
  const keyring = toKeyring(parseKeyringFile(readText(file)));
  const missing = options.projects.filter((project) => !keyring.has(project));
  if (missing.length > 0)
    throw new RollcallError(
      'AN_KEYRING_INVALID',
      `${file} has no keys for ${missing.join(', ')}. ${initHint(file, missing)}`,
    );
  return keyring;
}

function statKeyring(file: string, projects: readonly string[]): Stats {
  try {
    return statSync(file);
  } catch (cause) {
    throw new RollcallError('AN_KEYRING_MISSING', `${file}. ${initHint(file, projects)}`, {
      cause,
    });
  }
}

function assertPrivate(file: string, { mode }: Stats, allowGroupRead: boolean): void {
  const refused = allowGroupRead ? ALL_BUT_OWNER & ~GROUP_READ : ALL_BUT_OWNER;
  if ((mode & refused) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw new RollcallError(
    'AN_KEYRING_INVALID',
    `others may open ${file} (mode ${octal}). Run: chmod 600 ${file}`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RollcallError('AN_KEYRING_INVALID', `${file} cannot be read by this user`, { cause });
  }
}

function initHint(file: string, projects: readonly string[]): string {
  const named = projects.map((project) => `--project ${project}`).join(' ');
  return `Run: node libs/keys/src/keys.command.ts init --keyring ${file} ${named}`;
}

function toKeyring(file: KeyringFile): Keyring {
  return new Map(
    Object.entries(file.projects).map(([project, { event_id_key, epochs }]) => [
      project,
      { eventIdKey: new KeyMaterial(event_id_key), epochs: liveEpochs(epochs) },
    ]),
  );
}

function liveEpochs(epochs: KeyringFile['projects'][string]['epochs']): readonly EpochKey[] {
  return epochs.flatMap(({ epoch, created_at, starts_at, key }) =>
    key === null
      ? []
      : [{ epoch, startsAt: Date.parse(starts_at ?? created_at), key: new KeyMaterial(key) }],
  );
}
