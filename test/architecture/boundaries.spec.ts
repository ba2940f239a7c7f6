import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BOUNDARY = '@nx/enforce-module-boundaries';
const ENVIRONMENT = 'no-restricted-properties';

let eslint: ESLint;

beforeAll(async () => {
  // the rule reads the graph that nx has cached: one made before today's tags would judge by yesterday's
  await createProjectGraphAsync({ exitOnError: false });
  eslint = new ESLint({
    cwd: ROOT,
    // planted files are in no tsconfig, and no rule asked about here needs types
    overrideConfig: tseslint.configs.disableTypeChecked,
    ruleFilter: ({ ruleId }) => ruleId === BOUNDARY || ruleId === ENVIRONMENT,
  });
}, 60_000);

/** @returns what the real configuration says about one line in a file that does not exist. */
async function refusals(file: string, line: string): Promise<string[]> {
  const results = await eslint.lintText(`${line}\n`, { filePath: join(ROOT, file) });
  const messages = results.flatMap((result) => result.messages);
  const broken = messages.filter((message) => message.ruleId === null);
  if (broken.length > 0) throw new Error(`lint did not run: ${JSON.stringify(broken)}`);
  return messages.map((message) => String(message.ruleId));
}

const importOf = (name: string): string => `import * as planted from '${name}'; void planted;`;

describe('an import that is refused', () => {
  it.each([
    ['the sink reaching a raw shape', 'apps/sink/src/planted.ts', '@rollcall/contracts-raw'],
    ['the sink reaching the anonymizing steps', 'apps/sink/src/planted.ts', '@rollcall/privacy'],
    ['the sink reaching the dialects', 'apps/sink/src/planted.ts', '@rollcall/dialects'],
    ['the sink reaching keys', 'apps/sink/src/planted.ts', '@rollcall/keys'],
    [
      'a spec of the sink reaching a raw shape',
      'apps/sink/src/a.spec.ts',
      '@rollcall/contracts-raw',
    ],
    ['the gateway reaching keys', 'apps/gateway/src/planted.ts', '@rollcall/keys'],
    ['a spec of the gateway reaching keys', 'apps/gateway/src/a.spec.ts', '@rollcall/keys'],
    ['the command line reaching keys', 'apps/cli/src/planted.ts', '@rollcall/keys'],
    ['the launcher reaching keys', 'deploy/embedded/src/planted.ts', '@rollcall/keys'],
    ['the command line reaching a raw shape', 'apps/cli/src/planted.ts', '@rollcall/contracts-raw'],
    ['the steps reaching keys', 'libs/privacy/src/planted.ts', '@rollcall/keys'],
    [
      'a carrier of bytes reaching a raw shape',
      'libs/kafka/src/planted.ts',
      '@rollcall/contracts-raw',
    ],
    [
      'a carrier of bytes reaching the row type',
      'libs/clickhouse/src/planted.ts',
      '@rollcall/contracts-anonymized',
    ],
    ['a contract importing the broker client', 'libs/contracts/raw/src/planted.ts', 'kafkajs'],
    ['a contract importing the framework', 'libs/contracts/raw/src/planted.ts', '@nestjs/common'],
    ['a contract importing core', 'libs/contracts/transport/src/planted.ts', '@rollcall/codec'],
    ['the client kit importing a package', 'libs/client/src/planted.ts', 'fastify'],
    [
      'the client kit importing a contract',
      'libs/client/src/planted.ts',
      '@rollcall/contracts-transport',
    ],
    ['the client kit importing core', 'libs/client/src/planted.ts', '@rollcall/codec'],
    ['a service importing the client kit', 'apps/gateway/src/planted.ts', '@rollcall/client'],
    ['core importing the framework', 'libs/codec/src/planted.ts', '@nestjs/common'],
    ['core importing domain', 'libs/pipeline/src/planted.ts', '@rollcall/catalogue'],
    ['core importing its sibling', 'libs/codec/src/planted.ts', '@rollcall/pipeline'],
    ['domain importing its sibling', 'libs/privacy/src/planted.ts', '@rollcall/dialects'],
    ['domain importing the store client', 'libs/privacy/src/planted.ts', '@clickhouse/client'],
    ['platform importing the broker client', 'libs/service-kit/src/planted.ts', 'kafkajs'],
    ['platform importing an adapter', 'libs/service-kit/src/planted.ts', '@rollcall/kafka'],
    ['an adapter importing its sibling', 'libs/kafka/src/planted.ts', '@rollcall/clickhouse'],
    ['an app importing the broker client', 'apps/gateway/src/planted.ts', 'kafkajs'],
    ['an app importing the store client', 'apps/sink/src/planted.ts', '@clickhouse/client'],
    ['an app importing another app', 'apps/cli/src/planted.ts', '@rollcall/embedded'],
    ['an app importing test code', 'apps/gateway/src/planted.ts', '@rollcall/testing'],
    [
      'a path into another project',
      'apps/sink/src/planted.ts',
      '../../../libs/kafka/src/client.ts',
    ],
  ])('%s', async (_what, file, name) => {
    expect(await refusals(file, importOf(name))).toEqual([BOUNDARY]);
  });
});

describe('an import that is accepted', () => {
  it.each([
    ['the anonymizer reaching keys', 'apps/anonymizer/src/planted.ts', '@rollcall/keys'],
    ['the anonymizer reaching the steps', 'apps/anonymizer/src/planted.ts', '@rollcall/privacy'],
    ['the gateway reaching a raw shape', 'apps/gateway/src/planted.ts', '@rollcall/contracts-raw'],
    [
      'the gateway reaching the steps for its dry run',
      'apps/gateway/src/planted.ts',
      '@rollcall/privacy',
    ],
    [
      'the sink reaching the row type',
      'apps/sink/src/planted.ts',
      '@rollcall/contracts-anonymized',
    ],
    ['the sink reaching an adapter', 'apps/sink/src/planted.ts', '@rollcall/clickhouse'],
    ['an app importing the framework', 'apps/sink/src/planted.ts', '@nestjs/common'],
    ['the broker adapter importing its client', 'libs/kafka/src/planted.ts', 'kafkajs'],
    [
      'the store adapter importing its client',
      'libs/clickhouse/src/planted.ts',
      '@clickhouse/client',
    ],
    ['domain importing core', 'libs/privacy/src/planted.ts', '@rollcall/codec'],
    ['the client kit importing what Node has', 'libs/client/src/planted.ts', 'node:http'],
    ['a spec importing test code', 'apps/gateway/src/a.spec.ts', '@rollcall/testing'],
    [
      'a bundle recipe importing the tooling',
      'apps/sink/rolldown.config.ts',
      '@rollcall/tooling/rolldown',
    ],
  ])('%s', async (_what, file, name) => {
    expect(await refusals(file, importOf(name))).toEqual([]);
  });
});

describe('the environment', () => {
  const READS = [
    "void process.env['PORT'];",
    "void process['env'];",
    'const { env } = process; void env;',
  ];

  it.each(READS)('is refused outside *.config.ts: %s', async (line) => {
    expect(await refusals('apps/gateway/src/ingest/ingest.service.ts', line)).toEqual([
      ENVIRONMENT,
    ]);
  });

  it.each(READS)('is read in *.config.ts: %s', async (line) => {
    expect(await refusals('apps/gateway/src/gateway.config.ts', line)).toEqual([]);
  });
});
