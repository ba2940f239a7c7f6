import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { ClientStorage } from '../ports.ts';
import type { Environment } from './environment.config.ts';

/** More than the kit ever writes, in bytes. */
const MAX_BYTES = 4_096;

/**
 * A file that only its owner may read (0600, its folder 0700).
 *
 * Guarantee: a reader sees the old text or the new one, never a part: the file is replaced as a whole. What is no plain
 * file, or too large to be ours, is not read: a pipe would block the program.
 */
export function fileStorage(path: string): ClientStorage {
  return {
    read: () => readPlainFile(path),
    write: (text) => replaceFile(path, text),
  };
}

function readPlainFile(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile() || stat.size > MAX_BYTES) throw new Error('not a file of the kit');
  return readFileSync(path, 'utf8');
}

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Where the kit stores by default: `<settings folder of the user>/<project>/telemetry.json`.
 *
 * @returns undefined when the user has no such folder.
 * @see XDG Base Directory Specification; on macOS and Windows the folder that their guidelines name
 */
export function defaultStoragePath(
  project: string,
  environment: Pick<Environment, 'xdgConfigHome' | 'appData'>,
  platform: string = process.platform,
): string | undefined {
  const folder = settingsFolder(environment, platform);
  return folder !== undefined && isAbsolute(folder)
    ? join(folder, project, 'telemetry.json')
    : undefined;
}

function settingsFolder(
  { xdgConfigHome, appData }: Pick<Environment, 'xdgConfigHome' | 'appData'>,
  platform: string,
): string | undefined {
  if (platform === 'win32') return appData;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  // a relative path there is to be ignored
  const isUsable = xdgConfigHome !== undefined && isAbsolute(xdgConfigHome);
  return isUsable ? xdgConfigHome : join(homedir(), '.config');
}
