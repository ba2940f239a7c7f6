import { randomBytes } from 'node:crypto';
import { RollcallError } from '@rollcall/contracts-transport';
import type { EpochEntry, KeyringFile } from './keyring-file.schema.ts';

/** A change of a keyring: the file as it is to be, and what was done, in words without keys. */
export interface KeyringEdit {
  readonly file: KeyringFile;
  readonly done: readonly KeyChange[];
}

export interface KeyChange {
  readonly project: string;
  readonly epoch: number;
  readonly what: 'made' | 'kept' | 'destroyed';
}

const EMPTY: KeyringFile = { version: 1, projects: {} };
const KEY_BYTES = 32;

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function newEpoch(epoch: number, nowMs: number, startsAtMs: number): EpochEntry {
  const created_at = new Date(nowMs).toISOString();
  return { epoch, created_at, starts_at: new Date(startsAtMs).toISOString(), key: newKey() };
}

/** Adds keys for the projects that have none. Projects that have keys stay as they are, to the letter. */
export function initProjects(
  current: KeyringFile | undefined,
  projects: readonly string[],
  nowMs: number,
): KeyringEdit {
  const file = structuredClone(current ?? EMPTY);
  const done = projects.map((project): KeyChange => {
    const existing = Object.hasOwn(file.projects, project) ? file.projects[project] : undefined;
    if (existing !== undefined) return { project, epoch: existing.epochs.length, what: 'kept' };
    file.projects[project] = { event_id_key: newKey(), epochs: [newEpoch(1, nowMs, nowMs)] };
    return { project, epoch: 1, what: 'made' };
  });
  return { file, done };
}

export interface Rotation {
  readonly nowMs: number;
  readonly startsAtMs: number;
  readonly olderThanMs?: number;
}

/** How long ago the newest epoch was made. */
function ageOf(epochs: readonly EpochEntry[], nowMs: number): number {
  const newest = epochs.at(-1);
  return newest === undefined ? Number.POSITIVE_INFINITY : nowMs - Date.parse(newest.created_at);
}

/**
 * Begins a new epoch for each project, from `startsAtMs` on; with `olderThanMs` only where the newest epoch is older.
 *
 * The start lies in the future so that every anonymizer has read the file by then: which key an event gets depends on
 * when the event was received, never on who reads the file first.
 */
export function rotateProjects(
  current: KeyringFile | undefined,
  projects: readonly string[],
  { nowMs, startsAtMs, olderThanMs = 0 }: Rotation,
): KeyringEdit {
  const file = structuredClone(current ?? EMPTY);
  const done = projects.map((project): KeyChange => {
    const { epochs } = knownProject(file, project);
    if (ageOf(epochs, nowMs) < olderThanMs) return { project, epoch: epochs.length, what: 'kept' };
    const epoch = epochs.length + 1;
    epochs.push(newEpoch(epoch, nowMs, startsAtMs));
    return { project, epoch, what: 'made' };
  });
  return { file, done };
}

/**
 * Removes an epoch's key for ever; the entry stays, as the record that it existed.
 *
 * @throws AN_KEYRING_INVALID when it is the only key left (rotate first), destroyed already or unknown
 */
export function destroyEpoch(
  current: KeyringFile | undefined,
  project: string,
  epoch: number,
  nowMs: number,
): KeyringEdit {
  const file = structuredClone(current ?? EMPTY);
  const { epochs } = knownProject(file, project);
  const index = epochs.findIndex((entry) => entry.epoch === epoch);
  const entry = epochs[index];
  if (entry === undefined || entry.key === null)
    throw new RollcallError(
      'AN_KEYRING_INVALID',
      `project ${project} has no key of epoch ${epoch}`,
    );
  if (epochs.filter((other) => other.key !== null).length === 1)
    throw new RollcallError(
      'AN_KEYRING_INVALID',
      `epoch ${epoch} is the only key of ${project}. Rotate first`,
    );
  epochs[index] = { ...entry, key: null, destroyed_at: new Date(nowMs).toISOString() };
  return { file, done: [{ project, epoch, what: 'destroyed' }] };
}

function knownProject(file: KeyringFile, project: string): KeyringFile['projects'][string] {
  const entry = Object.hasOwn(file.projects, project) ? file.projects[project] : undefined;
  if (entry === undefined)
    throw new RollcallError(
      'AN_KEYRING_INVALID',
      `project ${project} is not in the keyring. Run init first`,
    );
  return entry;
}
