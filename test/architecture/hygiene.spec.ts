import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ROOT, externalDependencies, manifests, readText, repositoryFiles } from './repository.ts';

const BINARY = /\.(png|ico|gz|zst|woff2?|bin)$/;
const texts = repositoryFiles()
  .filter((path) => !BINARY.test(path))
  .map((path) => ({ path, text: readText(path) }));
const sources = texts.filter(({ path }) => /\.(ts|mts|mjs|js)$/.test(path));

/** @returns `path:line` of each line that holds the text or matches the pattern. */
function places(files: typeof texts, sought: string | RegExp): string[] {
  const isIn = (line: string): boolean =>
    typeof sought === 'string' ? line.includes(sought) : sought.test(line);
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => (isIn(line) ? [`${path}:${i + 1}`] : [])),
  );
}

describe('a file of the repository', () => {
  it('names no path of the machine it was written on', () => {
    const ofThisMachine = [ROOT, homedir()]
      .filter((directory) => directory !== '/')
      .flatMap((directory) => places(texts, `${directory}/`));
    // specs plant made-up homes to see them dropped
    const ofAnyMachine = places(
      texts.filter(({ path }) => !path.endsWith('.spec.ts')),
      /(^|[\s"'`(=:])\/(work|root|Users)\/[\w.-]/,
    );
    expect([...ofThisMachine, ...ofAnyMachine]).toEqual([]);
  });

  it('names no package registry', () => {
    expect(
      places(texts, /registry *= *http|registry\.[a-z0-9-]+\.(org|com|io|dev)\b|_auth[T]oken/),
    ).toEqual([]);
  });

  it('switches no check off', () => {
    const switches = [
      'eslint-' + 'disable',
      '@ts-' + 'ignore',
      '@ts-' + 'nocheck',
      '@ts-' + 'expect-error',
    ];
    expect(switches.flatMap((text) => places(sources, text))).toEqual([]);
  });

  it('has a name that says what is in it', () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.[a-z.]+$)/;
    expect(repositoryFiles().filter((path) => vague.test(path))).toEqual([]);
  });
});

describe('the lock file', () => {
  const lock = JSON.parse(readText('package-lock.json')) as {
    packages: Record<
      string,
      {
        resolved?: string;
        license?: string;
        link?: boolean;
        integrity?: string;
        hasInstallScript?: boolean;
      }
    >;
  };
  const packages = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'));

  it('says what is installed and not from where', () => {
    const hosts = packages.filter(([, { resolved }]) => /^[a-z+]+:/.test(resolved ?? ''));
    expect(hosts.map(([path]) => path)).toEqual([]);
  });

  it('has a checksum for every package', () => {
    const unchecked = packages.filter(
      ([, entry]) => entry.link !== true && entry.integrity === undefined,
    );
    expect(unchecked.map(([path]) => path)).toEqual([]);
  });

  it('brings no install script that nobody has looked at', () => {
    const { allowScripts } = JSON.parse(readText('package.json')) as {
      allowScripts: Record<string, boolean>;
    };
    const scripted = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(scripted.toSorted()).toEqual(Object.keys(allowScripts).toSorted());
    expect(Object.values(allowScripts)).not.toContain(true);
  });

  /** Packages that name a file instead of a licence: it must hold the grant of MIT, word for word. */
  const hasMitText = (path: string): boolean =>
    /^[\s\S]{0,300}Permission is hereby granted, free of charge, to any person obtaining\s+a copy/.test(
      readText(`${path}/LICENSE`),
    );

  it('holds only packages whose licence goes with Apache-2.0', () => {
    const fitting =
      /^\(?(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|Unlicense|MPL-2\.0)\b/;
    const others = packages.filter(
      ([path, entry]) =>
        entry.link !== true &&
        !fitting.test(entry.license ?? '') &&
        !(entry.license === 'SEE LICENSE IN LICENSE' && hasMitText(path)),
    );
    expect(others.map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
  });
});

describe('a project', () => {
  const projects = manifests().filter(({ path }) => path !== 'package.json');

  it.each(projects)('$name has one layer, one data class and one key class', ({ nx }) => {
    const axes = (nx?.tags ?? []).map((tag) => tag.split(':')[0]);
    expect(axes.toSorted()).toEqual(['data', 'keys', 'layer']);
  });

  it.each(projects)('$name is linted, private and under the licence of the whole', (project) => {
    expect(project.scripts?.['lint']).toContain('eslint');
    expect(project.private).toBe(true);
    expect(project.license).toBe('Apache-2.0');
  });

  it('depends on exact versions', () => {
    const loose = externalDependencies().filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('agrees with every other on the version of a package', () => {
    const versions = Map.groupBy(externalDependencies(), ([name]) => name);
    const torn = [...versions].filter(
      ([, asked]) => new Set(asked.map(([, version]) => version)).size > 1,
    );
    expect(torn.map(([name]) => name)).toEqual([]);
  });
});
