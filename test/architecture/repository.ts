import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the repository is checked out. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Paths of what is in git or about to be, with `/`, from the root. Deleted files that are not staged are left out. */
export function repositoryFiles(): readonly string[] {
  const git = (...options: string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...options], { cwd: ROOT, encoding: 'utf8' })
      .split('\0')
      .filter((path) => path !== '');
  const deleted = new Set(git('--deleted'));
  return git('--cached', '--others', '--exclude-standard').filter((path) => !deleted.has(path));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The manifest of each workspace, and the root's. */
export interface Manifest {
  readonly path: string;
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

export function manifests(): readonly Manifest[] {
  return repositoryFiles()
    .filter((path) => /(^|\/)package\.json$/.test(path) && !path.startsWith('test/fixtures/'))
    .map((path) => ({ ...(JSON.parse(readText(path)) as Omit<Manifest, 'path'>), path }));
}

/** Name and version of every package that a manifest asks for, our own left out. */
export function externalDependencies(): readonly (readonly [name: string, version: string])[] {
  const asked = manifests().flatMap((manifest) => [
    ...Object.entries(manifest.dependencies ?? {}),
    ...Object.entries(manifest.devDependencies ?? {}),
    ...Object.entries(manifest.optionalDependencies ?? {}),
  ]);
  return asked.filter(([name]) => !name.startsWith('@rollcall/'));
}
