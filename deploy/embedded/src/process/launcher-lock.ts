import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    // not there; or half of it, which only a crash while writing can leave
    return undefined;
  }
}

/** @returns whether the file was made, with all of its content, by this call. */
function create(file: string, holder: ProcessIdentity): boolean {
  const scratch = `${file}.${process.pid}`;
  writeFileSync(scratch, JSON.stringify(holder));
  try {
    linkSync(scratch, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(scratch, { force: true });
  }
}

/** Puts a stale lock out of the way; one that somebody took meanwhile is put back. */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const holder = readHolder(aside);
  if (holder && isRunning(holder)) renameSync(aside, file);
  else rmSync(aside);
}

/**
 * One launcher per data directory.
 *
 * Guarantee: the lock of a launcher that was killed does not hold; a number that another process has by now is not
 * taken for it.
 */
export class LauncherLock {
  readonly #file: string;
  #isHeld = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns the process that holds the lock already; undefined when it is this one's now. */
  acquire(): ProcessIdentity | undefined {
    mkdirSync(dirname(this.#file), { recursive: true });
    const own = identityOf(process.pid) ?? { pid: process.pid, startedAt: '' };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (create(this.#file, own)) {
        this.#isHeld = true;
        return undefined;
      }
      const holder = readHolder(this.#file);
      if (holder && isRunning(holder)) return holder;
      removeStale(this.#file);
    }
    return readHolder(this.#file) ?? { pid: 0, startedAt: '' };
  }

  release(): void {
    if (this.#isHeld) rmSync(this.#file, { force: true });
    this.#isHeld = false;
  }
}
