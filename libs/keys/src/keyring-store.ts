import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { RollcallError } from '@rollcall/contracts-transport';
import { parseKeyringFile, type KeyringFile } from './keyring-file.schema.ts';
import type { KeyringEdit } from './keyring-edit.ts';

/** A half-written file this old belongs to a command that was killed. */
const ABANDONED_AFTER_MS = 30_000;

/**
 * Changes the keyring file: reads it, applies the edit, puts the new file in its place.
 *
 * Guarantee: the file is the old one or the new one at every instant, mode 0600 and on disk when this returns; two
 * commands at once cannot lose each other's keys (the second is refused). With `shred` the old file's bytes are
 * overwritten where they lay, as far as the file system writes in place; backups are yours to find.
 * @throws AN_KEYRING_INVALID when the present file is malformed or another command is at work
 */
export function updateKeyring(
  file: string,
  edit: (current: KeyringFile | undefined) => KeyringEdit,
  { shred = false }: { shred?: boolean } = {},
): KeyringEdit {
  const draft = `${file}.new`;
  const descriptor = openDraft(draft);
  try {
    const current = existsSync(file) ? parseKeyringFile(readFileSync(file, 'utf8')) : undefined;
    const edited = edit(current);
    writeFileSync(descriptor, `${JSON.stringify(edited.file, null, 2)}\n`);
    fsyncSync(descriptor);
    replace(draft, file, shred && current !== undefined);
    return edited;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function replace(draft: string, file: string, shred: boolean): void {
  // Opened before the rename: afterwards the old file has no name any more.
  const old = shred ? openSync(file, 'r+') : undefined;
  renameSync(draft, file);
  syncDirectory(dirname(file));
  if (old !== undefined) overwrite(old);
}

/** The draft is made exclusively, so it is the lock as well. */
function openDraft(draft: string): number {
  const isAbandoned =
    existsSync(draft) && Date.now() - statSync(draft).mtimeMs > ABANDONED_AFTER_MS;
  if (isAbandoned) rmSync(draft, { force: true });
  try {
    return openSync(draft, 'wx', 0o600);
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const detail = isTaken
      ? `another command is changing it (${draft})`
      : `${draft} cannot be written`;
    throw new RollcallError('AN_KEYRING_INVALID', detail, { cause });
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function overwrite(descriptor: number): void {
  try {
    const { size } = fstatSync(descriptor);
    writeSync(descriptor, Buffer.alloc(size), 0, size, 0);
    fsyncSync(descriptor);
    ftruncateSync(descriptor, 0);
  } finally {
    closeSync(descriptor);
  }
}
