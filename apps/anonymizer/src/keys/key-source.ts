import { statSync } from 'node:fs';
import { loadKeyring, type Keyring, type ProjectKeyMaterial } from '@rollcall/keys';
import { createProjectKeys, type KeysOf, type ProjectKeys } from '@rollcall/privacy';

/** What happens to the keyring, told in words without keys. */
export interface KeyringReports {
  keyringLoaded(fingerprints: readonly string[]): void;
  /** The file has changed and cannot be used; the keys in memory stay in use. */
  keyringRefused(error: unknown): void;
}

export interface KeySourceOptions {
  readonly file: string;
  /** Projects of the catalogue: each must have keys. */
  readonly projects: readonly string[];
  readonly allowGroupRead: boolean;
  readonly reports: KeyringReports;
}

/** How often the file is looked at; `rotate` leaves a minute before a new epoch starts. */
const LOOK_EVERY_MS = 10_000;

/**
 * The keys in use, from the keyring file, which is read again when it changes.
 *
 * Guarantee: fails closed. Without a usable keyring it cannot be made, so the service does not start; a later file that
 * cannot be used changes nothing and is reported. A destroyed epoch is gone from memory with the next look.
 */
export class KeySource {
  readonly #options: KeySourceOptions;
  readonly #timer: NodeJS.Timeout;
  #keys: ReadonlyMap<string, ProjectKeys>;
  #usedFile: string;
  #refusedFile: string | undefined;

  /** @throws AN_KEYRING_MISSING, AN_KEYRING_INVALID */
  constructor(options: KeySourceOptions) {
    this.#options = options;
    this.#usedFile = this.#identifyFile();
    this.#keys = this.#load();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  readonly keysOf: KeysOf = (project) => this.#keys.get(project);

  /** Reads the file again when it is another than the one in use. */
  look(): void {
    const file = this.#identifyFile();
    if (file === this.#usedFile) return;
    try {
      this.#keys = this.#load();
      this.#usedFile = file;
      this.#refusedFile = undefined;
    } catch (error) {
      // a file that cannot be used is tried at each look, and reported once
      if (file !== this.#refusedFile) this.#options.reports.keyringRefused(error);
      this.#refusedFile = file;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #load(): ReadonlyMap<string, ProjectKeys> {
    const { file, projects, allowGroupRead, reports } = this.#options;
    const keyring = loadKeyring(file, { projects, allowGroupRead });
    const keys = new Map(
      [...keyring].map(([project, material]) => [project, toProjectKeys(material)]),
    );
    reports.keyringLoaded(fingerprintsOf(keyring));
    return keys;
  }

  #identifyFile(): string {
    const stats = statSync(this.#options.file, { throwIfNoEntry: false });
    return stats === undefined
      ? 'none'
      : `${stats.ino} ${stats.mtimeMs} ${stats.size} ${stats.mode}`;
  }
}

function toProjectKeys({ eventIdKey, epochs }: ProjectKeyMaterial): ProjectKeys {
  return createProjectKeys({
    eventIdKey: eventIdKey.reveal(),
    epochs: epochs.map(({ epoch, startsAt, key }) => ({ epoch, startsAt, key: key.reveal() })),
  });
}

function fingerprintsOf(keyring: Keyring): string[] {
  return [...keyring].map(([project, { epochs }]) => {
    const named = epochs.map(({ epoch, key }) => `epoch ${epoch} ${key.fingerprint}`);
    return `${project}: ${named.join(', ')}`;
  });
}
