import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLAIM_FILE, isClaimed, ownClaim, type Claim } from './process-claim.ts';
import type { Segment } from './segment-writer.ts';

/** `<instance>` is what an instance writes to, `<instance>.<n>` what it took over from a dead one. */
const FOLDER_NAME = /^([0-9a-f]{16})(\.\d+)?$/;

/**
 * An instance's own folder below the folder that gateways share. No two instances ever use one folder: each makes its
 * own, and one whose process is gone is taken over by renaming it, which succeeds for one of them only.
 */
export class SpoolFolder {
  readonly dir: string;
  readonly #root: string;
  readonly #id: string;
  readonly #claim: Claim;
  #adoptedCount = 0;

  private constructor(root: string, id: string, claim: Claim) {
    this.#root = root;
    this.#id = id;
    this.#claim = claim;
    this.dir = join(root, id);
  }

  static async claim(root: string): Promise<SpoolFolder> {
    const folder = new SpoolFolder(root, randomBytes(8).toString('hex'), await ownClaim());
    // made whole under another name: a folder without an owner would look like a dead one's
    const unfinished = join(root, `.${folder.#id}`);
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await writeFile(join(unfinished, CLAIM_FILE), JSON.stringify(folder.#claim), { mode: 0o600 });
    await rename(unfinished, folder.dir);
    return folder;
  }

  /** Says that this instance lives, to those who cannot look up its process. */
  async renew(): Promise<void> {
    const now = new Date();
    await utimes(join(this.dir, CLAIM_FILE), now, now);
  }

  /** Takes over what dead instances left. @returns their segments, oldest first within each. */
  async adopt(): Promise<readonly Segment[]> {
    const segments: Segment[] = [];
    for (const name of (await readdir(this.#root)).sort()) {
      const instance = FOLDER_NAME.exec(name)?.[1];
      if (instance === undefined || instance === this.#id) continue;
      if (await isClaimed(join(this.#root, instance), this.#claim)) continue;
      const folder = await this.#takeOver(name);
      if (folder !== undefined) segments.push(...(await segmentsIn(folder)));
    }
    return segments;
  }

  /** Removes folders that nothing is left in. */
  async tidy(): Promise<void> {
    for (const name of await readdir(this.#root)) {
      const isAdopted = name.startsWith(`${this.#id}.`);
      if (isAdopted && (await segmentsIn(join(this.#root, name))).length === 0)
        await rm(join(this.#root, name), { recursive: true, force: true });
    }
  }

  /** Removes the own folder when nothing is left in it; else the next instance takes it over. */
  async leave(): Promise<void> {
    await this.tidy();
    if ((await segmentsIn(this.dir)).length === 0)
      await rm(this.dir, { recursive: true, force: true });
  }

  async #takeOver(name: string): Promise<string | undefined> {
    this.#adoptedCount += 1;
    const folder = join(this.#root, `${this.#id}.${this.#adoptedCount}`);
    try {
      await rename(join(this.#root, name), folder);
      return folder;
    } catch {
      // another instance was faster
      return undefined;
    }
  }
}

async function segmentsIn(folder: string): Promise<readonly Segment[]> {
  const all = await readdir(folder).catch(() => []);
  const names = all.filter((name) => name.endsWith('.segment')).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, bytes: (await stat(path)).size };
    }),
  );
}
