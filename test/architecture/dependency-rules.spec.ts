import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}
interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: { readonly violations: readonly Violation[] };
}

/** @returns what the project's own rules say about a tree. */
async function cruise(directory: string): Promise<Cruise> {
  const rules = ['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json'];
  const run = promisify(execFile)(process.execPath, [CRUISER, ...rules, 'apps', 'libs'], {
    cwd: directory,
    maxBuffer: 64 * 1_048_576,
  });
  // it exits with the number of violations and prints them all the same
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as Cruise;
}

const importOf = (path: string): string => `import '${path}';\n`;

/** A tree of the same shape with one fault per rule. */
const PLANTED = {
  'tsconfig.json': '{}',
  'node_modules/kafkajs/package.json': '{ "name": "kafkajs", "main": "index.js" }',
  'node_modules/kafkajs/index.js': '',
  'node_modules/@clickhouse/client/package.json': '{ "name": "x", "main": "index.js" }',
  'node_modules/@clickhouse/client/index.js': '',
  'libs/contracts/raw/package.json': '{ "exports": { ".": "./src/index.ts" } }',
  'libs/contracts/raw/src/index.ts': 'export const shape = 1;\n',
  'libs/keys/package.json': '{ "exports": { ".": "./src/index.ts" } }',
  'libs/keys/src/index.ts': 'export const key = 1;\n',
  'libs/testing/src/index.ts': 'export const fake = 1;\n',
  'libs/privacy/package.json': '{ "exports": { ".": "./src/index.ts" } }',
  'libs/privacy/src/index.ts': importOf('./steps/one.step.ts') + importOf('./ring-a.ts'),
  'libs/privacy/src/steps/one.step.ts': importOf('./two.step.ts'),
  'libs/privacy/src/steps/two.step.ts': 'export const two = 2;\n',
  'libs/privacy/src/ring-a.ts': importOf('./ring-b.ts'),
  'libs/privacy/src/ring-b.ts': importOf('./ring-a.ts'),
  'libs/privacy/src/alone.ts': 'export const alone = 1;\n',
  'libs/privacy/src/dead.ts': importOf('./steps/two.step.ts'),
  'libs/privacy/src/one.spec.ts': importOf('../../testing/src/index.ts'),
  'libs/kafka/package.json': '{ "exports": { ".": "./src/index.ts" } }',
  'libs/kafka/src/index.ts': importOf('kafkajs') + importOf('./client.ts'),
  'libs/kafka/src/client.ts': 'export const client = 1;\n',
  'libs/clickhouse/package.json': '{ "exports": { ".": "./src/index.ts" } }',
  'libs/clickhouse/src/index.ts': importOf('@clickhouse/client'),
  'apps/sink/src/main.ts': importOf('./way-round.ts') + importOf('./faults.ts'),
  'apps/sink/src/way-round.ts': importOf('./deeper.ts'),
  'apps/sink/src/deeper.ts': importOf('../../../libs/contracts/raw/src/index.ts'),
  'apps/sink/src/faults.ts': [
    importOf('kafkajs'),
    importOf('@clickhouse/client'),
    importOf('./nowhere.ts'),
    importOf('../../../libs/kafka/src/client.ts'),
    importOf('../../../libs/testing/src/index.ts'),
    importOf('./faults.spec.ts'),
  ].join(''),
  'apps/sink/src/faults.spec.ts': 'export const spec = 1;\n',
  'apps/gateway/src/main.ts': importOf('../../../libs/keys/src/index.ts'),
  'apps/anonymizer/src/main.ts':
    importOf('../../../libs/keys/src/index.ts') + importOf('../../../libs/privacy/src/index.ts'),
};

describe('a tree with planted faults', () => {
  let directory = '';
  let violations: readonly string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'planted-'));
    for (const [path, text] of Object.entries(PLANTED)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const { summary } = await cruise(directory);
    violations = summary.violations.map(({ rule, from }) => `${rule.name} in ${from}`);
  }, 60_000);

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each([
    'no-circular in libs/privacy/src/ring-a.ts',
    'no-orphans in libs/privacy/src/alone.ts',
    'no-unreachable in libs/privacy/src/dead.ts',
    'no-unresolvable in apps/sink/src/faults.ts',
    'src-not-to-spec in apps/sink/src/faults.ts',
    'only-specs-and-test-import-testing in apps/sink/src/faults.ts',
    'steps-do-not-know-each-other in libs/privacy/src/steps/one.step.ts',
    'sink-never-reaches-raw in apps/sink/src/deeper.ts',
    'sink-never-reaches-raw in apps/sink/src/main.ts',
    'only-the-anonymizer-reaches-keys in apps/gateway/src/main.ts',
    'kafkajs-only-in-kafka in apps/sink/src/faults.ts',
    'clickhouse-client-only-in-clickhouse in apps/sink/src/faults.ts',
    'enter-by-index in apps/sink/src/faults.ts',
  ])('is refused: %s', (expected) => {
    expect(violations.join('\n')).toContain(expected);
  });

  it.each([
    'apps/anonymizer/src/main.ts',
    'libs/kafka/src/index.ts',
    'libs/clickhouse/src/index.ts',
    'libs/privacy/src/one.spec.ts',
  ])('leaves alone what is allowed: %s', (file) => {
    expect(violations.filter((violation) => violation.endsWith(` in ${file}`))).toEqual([]);
  });
});

describe('the cruise over this repository', () => {
  it('follows imports of @rollcall packages into their sources', async () => {
    const { modules } = await cruise(ROOT);
    const json = modules.find(({ source }) => source === 'libs/codec/src/json.ts');
    expect(json?.dependencies.map(({ resolved }) => resolved)).toContain(
      'libs/contracts/transport/src/index.ts',
    );
  }, 60_000);
});
