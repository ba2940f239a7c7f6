import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grantsOf } from '@rollcall/clickhouse';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf, readDockerfile, textsOf, type Stage } from './dockerfile.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const COMPOSE = 'deploy/compose';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
  readonly container_name?: string;
  readonly healthcheck?: unknown;
}
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const compose = parse(read(`${COMPOSE}/compose.yaml`), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const SCALED = ['gateway', 'anonymizer', 'sink'];
/** Programs that are started as they were bundled, in the order of the flow. */
const BUNDLED = [...SCALED, 'console'];

/** Variables that a program declares, from the reference page, which is checked against the schemas. */
function settingsOf(program: string): ReadonlySet<string> {
  // the one-shot runs the command line
  const title = program === 'setup' ? 'rollcall' : program;
  const [, section = ''] = read('docs/reference/settings.md').split(`## ${title}\n`);
  const [own = ''] = section.split('\n## ');
  return new Set([...own.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name));
}

/** Node's own, and those that every process takes. */
const FOREIGN_VARIABLES = new Set(['NODE_ENV']);

function unknownVariables(program: string, names: readonly string[]): readonly string[] {
  const known = settingsOf(program);
  return names.filter((name) => !known.has(name) && !FOREIGN_VARIABLES.has(name));
}

const dockerfiles = globSync('deploy/docker/*.Dockerfile', { cwd: ROOT });

describe.each(dockerfiles.map((path) => [path, readDockerfile(read(path))] as const))(
  '%s',
  (path, stages) => {
    const last = stages.at(-1) as Stage;
    const program = /(\w+)\.Dockerfile$/.exec(path)?.[1] ?? '';

    it('ends as a user who is not root', () => {
      const keywords = last.instructions.map(({ keyword }) => keyword);
      expect(textsOf(last, 'USER')).toEqual(['node']);
      expect(keywords.lastIndexOf('RUN')).toBeLessThan(keywords.indexOf('USER'));
    });

    it('copies only what the repository and its earlier stages have', () => {
      const copies = stages.flatMap((stage) => textsOf(stage, 'COPY'));
      const sources = copies.flatMap((text) =>
        text.startsWith('--from=') ? [] : text.split(/\s+/).slice(0, -1),
      );
      expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
      const names = stages.map(({ name }) => name);
      const origins = copies.flatMap((text) => /^--from=(\w+)/.exec(text)?.[1] ?? []);
      expect(origins.filter((origin) => !names.includes(origin))).toEqual([]);
    });

    it('sets only variables that the program declares', () => {
      expect(unknownVariables(program, environmentOf(last))).toEqual([]);
    });

    it('installs from the lock file, without scripts', () => {
      const installs = stages.flatMap((stage) =>
        textsOf(stage, 'RUN').filter((text) => text.includes('npm ')),
      );
      const kinds = installs.filter((text) => /npm (ci|install)/.test(text));
      expect(kinds.length).toBeGreaterThan(0);
      expect(kinds.every((text) => text.includes('npm ci --ignore-scripts'))).toBe(true);
    });

    it.each([program].filter((name) => BUNDLED.includes(name)))(
      'starts the bundle of %s and asks it whether it lives',
      () => {
        expect(textsOf(last, 'CMD')).toEqual([`["node", "apps/${program}/dist/main.js"]`]);
        const [check = ''] = textsOf(last, 'HEALTHCHECK');
        expect(check).toContain(`process.env.${program.toUpperCase()}_PORT+'/health/live'`);
      },
    );
  },
);

describe('compose.yaml', () => {
  it('has one image for each Dockerfile', () => {
    const built = services.flatMap(([, { build }]) =>
      build === undefined ? [] : [normalize(join(COMPOSE, build.context, build.dockerfile))],
    );
    expect(built.toSorted()).toEqual(dockerfiles.toSorted());
  });

  it.each(services)(
    'sets for %s only variables that it declares',
    (name, { build, environment = {} }) => {
      const isOurs = build !== undefined;
      expect(isOurs ? unknownVariables(name, Object.keys(environment)) : []).toEqual([]);
    },
  );

  it.each(services)(
    'mounts for %s only what is there or declared',
    (_name, { volumes = [], secrets = [] }) => {
      const sources = volumes.map((volume) => volume.split(':')[0] ?? '');
      const files = sources.filter((source) => source.startsWith('.'));
      expect(files.filter((file) => !existsSync(join(ROOT, COMPOSE, file)))).toEqual([]);
      const named = sources.filter((source) => !source.startsWith('.'));
      expect(named.filter((volume) => !(volume in compose.volumes))).toEqual([]);
      expect(secrets.filter((secret) => !(secret in compose.secrets))).toEqual([]);
    },
  );

  it.each(services)(
    'lets %s wait for what is healthy or done',
    (_name, { depends_on: needs = {} }) => {
      for (const [need, { condition }] of Object.entries(needs)) {
        const isOneShot = need === 'setup';
        expect(condition).toBe(isOneShot ? 'service_completed_successfully' : 'service_healthy');
        expect(isOneShot || compose.services[need]?.healthcheck !== undefined).toBe(true);
      }
    },
  );

  it.each(SCALED)('can run %s more than once', (name) => {
    const service = compose.services[name];
    expect(service?.container_name).toBeUndefined();
    const published = (service?.ports ?? []).map((port) =>
      port.replaceAll(/\$\{\w+:-(.+?)\}/g, '$1'),
    );
    // a single host port can be had once, a range as often as it is long
    expect(published.every((port) => /^\d+-\d+:\d+$/.test(port))).toBe(true);
  });

  it('takes from .env only what .env.example explains', () => {
    const asked = [...read(`${COMPOSE}/compose.yaml`).matchAll(/\$\{(\w+)/g)].map(
      ([, name = '']) => name,
    );
    const explained = [...read(`${COMPOSE}/.env.example`).matchAll(/^(\w+)=/gm)].map(
      ([, name = '']) => name,
    );
    expect([...new Set(asked)].toSorted()).toEqual(explained.toSorted());
  });

  it('finds a file for every secret once make-secrets.sh has run, also when it runs again', () => {
    const copy = mkdtempSync(join(tmpdir(), 'secrets-'));
    try {
      cpSync(join(ROOT, COMPOSE, 'make-secrets.sh'), join(copy, 'make-secrets.sh'));
      const make = (): string =>
        execFileSync('sh', [join(copy, 'make-secrets.sh')], { encoding: 'utf8' });
      expect(make()).toContain('made');
      expect(make()).toBe('');
      const files = Object.values(compose.secrets).map(({ file }) => file);
      expect(files.filter((file) => !existsSync(join(copy, file)))).toEqual([]);
      const keys = JSON.parse(
        readFileSync(join(copy, 'secrets/write_keys.json'), 'utf8'),
      ) as Record<string, string[]>;
      const key = readFileSync(join(copy, 'secrets/kusk_write_key'), 'utf8');
      expect(keys['kusk']).toEqual([createHash('sha256').update(key).digest('hex')]);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it.runIf(hasComposePlugin())(
    'is accepted by docker compose (only where the plugin is installed)',
    () => {
      execFileSync('docker', ['compose', '-f', `${COMPOSE}/compose.yaml`, 'config', '--quiet'], {
        cwd: ROOT,
      });
    },
  );
});

describe('the ClickHouse users of compose', () => {
  const users = read(`${COMPOSE}/clickhouse/users.xml`);

  it.each(['sink', 'analyst', 'eraser', 'receipts'] as const)(
    'give %s what the library says it needs, and no more',
    (role) => {
      const [, block = ''] =
        new RegExp(`<${role}>\\s*<password[^]*?<grants>([^]*?)</grants>`).exec(users) ?? [];
      const granted = [...block.matchAll(/<query>(.+?)<\/query>/g)].map(([, query]) => query);
      expect(granted).toEqual(grantsOf(role));
    },
  );

  it('have no password in clear and no default user', () => {
    expect(users).not.toMatch(/<password>|<password /);
    expect(users).toContain('<default remove="remove" />');
  });
});

function hasComposePlugin(): boolean {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
