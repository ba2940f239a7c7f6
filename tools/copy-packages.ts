import { cpSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies installed packages, and what they need, to another `node_modules`: for an image that runs a bundle, the few
 * packages that the bundle left out instead of all that it was made of.
 *
 * Usage: node tools/copy-packages.ts <target node_modules> <package>…
 */
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The folder of a package as Node finds it from another package's folder; undefined where it is not installed. */
function findPackage(name: string, from: string): string | undefined {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  return dirname(from) === from ? undefined : findPackage(name, dirname(from));
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Names and folders of the packages and of all that they need, each once. */
function closureOf(names: readonly string[], from: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string, at: string, isOptional: boolean): void => {
    const folder = findPackage(name, at);
    if (folder === undefined && !isOptional) throw new Error(`${name} is not installed`);
    if (folder === undefined || found.get(name) === folder) return;
    if (found.has(name))
      throw new Error(`${name} is installed twice; one flat folder cannot hold both`);
    found.set(name, folder);
    const { dependencies = {}, optionalDependencies = {} } = readManifest(folder);
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder, false);
    for (const dependency of Object.keys(optionalDependencies)) visit(dependency, folder, true);
  };
  for (const name of names) visit(name, from, false);
  return found;
}

const [target, ...names] = process.argv.slice(2);
if (target === undefined || names.length === 0)
  throw new Error('Usage: node tools/copy-packages.ts <target node_modules> <package>…');
const packages = closureOf(names, process.cwd());
for (const [name, folder] of packages)
  cpSync(folder, join(target, name), { recursive: true, filter: (path) => !path.endsWith('.map') });
console.log(`${packages.size} packages copied to ${target}`);
