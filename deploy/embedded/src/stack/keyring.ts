import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadCatalogue } from '@rollcall/catalogue';
import { ROTATION_DAYS, type ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { processEnvironment } from '../environment.config.ts';
import { REPOSITORY } from './repository.ts';

const KEYS_COMMAND = join(REPOSITORY, 'libs/keys/src/keys.command.ts');

/** Where the keys are and whose they are. */
export interface KeyringPlace {
  readonly catalogueDir: string;
  readonly keyringFile: string;
}

/** Runs the command that alone may touch keys: the launcher never holds one. */
async function runKeys(
  verb: string,
  { keyringFile }: KeyringPlace,
  { projects, flags = [] }: { projects: readonly string[]; flags?: readonly string[] },
  signal?: AbortSignal,
): Promise<void> {
  const named = projects.flatMap((project) => ['--project', project]);
  const args = [KEYS_COMMAND, verb, '--keyring', keyringFile, ...flags, ...named];
  const options = { env: processEnvironment(), ...(signal && { signal }) };
  try {
    await promisify(execFile)(process.execPath, args, options);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`The keyring cannot be changed. ${stderr.trim()}`, { cause });
  }
}

/** Names by the days after which their keys are due; projects that never rotate are in none. */
function namesByRotation(projects: Iterable<ProjectCatalogue>): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const { project, installation } of projects) {
    const days = ROTATION_DAYS[installation.rotation];
    if (days !== undefined) groups.set(days, [...(groups.get(days) ?? []), project]);
  }
  return groups;
}

/**
 * Begins a new key epoch for each project whose newest one is older than its catalogue says.
 *
 * @throws with what the command says.
 */
export async function rotateDueKeys(place: KeyringPlace, signal?: AbortSignal): Promise<void> {
  const { projects } = await loadCatalogue(place.catalogueDir);
  for (const [days, names] of namesByRotation(projects.values()))
    await runKeys(
      'rotate',
      place,
      { projects: names, flags: ['--older-than-days', String(days)] },
      signal,
    );
}

/**
 * Makes keys for the catalogue's projects that have none, and rotates those that are due.
 *
 * @throws with what the command says.
 */
export async function setUpKeyring(place: KeyringPlace, signal?: AbortSignal): Promise<void> {
  const { projects } = await loadCatalogue(place.catalogueDir);
  await runKeys('init', place, { projects: [...projects.keys()] }, signal);
  await rotateDueKeys(place, signal);
}
