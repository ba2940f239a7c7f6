import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import devkit from 'nx/src/devkit-exports.js';
import tseslint from 'typescript-eslint';

// Without a project graph the boundary rule warns once and lets everything through. A bare `eslint`, an editor and a
// test get here without nx having made one, so it is made now: a gate that is open when nobody looks is not a gate.
try {
  devkit.readCachedProjectGraph();
} catch {
  await devkit.createProjectGraphAsync({ exitOnError: false });
}

const FRAMEWORK = ['@nestjs/*', 'fastify', '@fastify/*', 'express', 'rxjs', 'reflect-metadata'];
const BROKER = ['kafkajs', '@platformatic/kafka', '@confluentinc/*', 'node-rdkafka'];
const STORE = ['@clickhouse/*', 'chdb', '@chdb/*'];

/**
 * Second axis: what a project may see. It holds in specs too, and through other projects: a sink that reaches a raw
 * shape by way of a harmless library is caught.
 */
const DATA_AND_KEYS = [
  { sourceTag: 'data:anonymized', notDependOnLibsWithTags: ['data:raw'] },
  { sourceTag: 'data:none', notDependOnLibsWithTags: ['data:raw', 'data:anonymized'] },
  { sourceTag: 'keys:none', notDependOnLibsWithTags: ['keys:holder'] },
];

/** First axis: who may know whom. Down only; siblings never, adapters never each other. */
const LAYERS = [
  {
    sourceTag: 'layer:contracts',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: [...FRAMEWORK, ...BROKER, ...STORE],
  },
  {
    // goes into other people's programs: what it needs, they would have to install
    sourceTag: 'layer:client',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['*'],
  },
  {
    sourceTag: 'layer:core',
    onlyDependOnLibsWithTags: ['layer:contracts'],
    bannedExternalImports: [...FRAMEWORK, ...BROKER, ...STORE],
  },
  {
    sourceTag: 'layer:domain',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:core'],
    bannedExternalImports: [...FRAMEWORK, ...BROKER, ...STORE],
  },
  {
    sourceTag: 'layer:platform',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:core'],
    bannedExternalImports: [...BROKER, ...STORE],
  },
  {
    sourceTag: 'layer:adapter',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:core', 'layer:platform'],
  },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: [
      'layer:contracts',
      'layer:core',
      'layer:domain',
      'layer:platform',
      'layer:adapter',
    ],
    bannedExternalImports: [...BROKER, ...STORE],
  },
  {
    sourceTag: 'layer:testing',
    onlyDependOnLibsWithTags: ['*'],
    bannedExternalImports: [...BROKER, ...STORE],
  },
  { sourceTag: 'layer:tooling', onlyDependOnLibsWithTags: ['*'] },
];

/** In a spec every project may use the fakes of libs/testing, and still not see what its subject may not see. */
const LAYERS_IN_SPECS = [{ sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }];

const boundaries = (depConstraints, options = {}) => ({
  '@nx/enforce-module-boundaries': ['error', { depConstraints, ...options }],
});

const SCRIPTS = ['**/*.{ts,tsx,mts,mjs}'];
const SPECS = ['**/*.spec.ts', '**/*.fixture.ts', 'test/**/*.ts', 'libs/testing/**/*.ts'];
/** What a person runs and reads in a terminal. Services log through their logger. */
const TERMINAL = ['apps/cli/**', 'deploy/embedded/**', 'test/**', 'libs/testing/**', 'tools/**'];
/** Readers of the environment beside `*.config.ts`: they hand it on to processes, they read no setting from it. */
const ENVIRONMENT_READERS = ['**/*.config.ts', 'deploy/embedded/bootstrap.mjs'];

const noTestIsLeftOut = ['it', 'test', 'describe'].map((name) => ({
  selector: `MemberExpression[object.name='${name}'][property.name=/^(only|skip|todo|fails)$/]`,
  message:
    'A test runs or is deleted. What needs something that may be missing says so with skipIf.',
}));

export default defineConfig(
  globalIgnores([
    '**/dist',
    '**/coverage',
    '**/.rollcall',
    '.nx',
    '**/node_modules',
    'test/fixtures',
  ]),
  {
    // a rule is changed here, in sight of all, not switched off beside the line that breaks it
    linterOptions: { noInlineConfig: true },
  },
  {
    files: SCRIPTS,
    extends: [js.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { ecmaVersion: 2025, sourceType: 'module' },
    rules: {
      ...boundaries([...LAYERS, ...DATA_AND_KEYS]),
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      complexity: ['error', 10],
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      'no-undef': 'off',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings are declared in *.config.ts, checked there once, and passed on.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:process', 'process'].map((name) => ({
            name,
            importNames: ['env'],
            message: 'Settings are declared in *.config.ts, checked there once, and passed on.',
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // a function may be async because its port is: the caller awaits it either way
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // composition: the class is the module, its decorator says everything
    files: ['**/*.module.ts', '**/*.controller.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    files: SPECS,
    rules: {
      ...boundaries([...LAYERS_IN_SPECS, ...DATA_AND_KEYS]),
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      // a fake's method is looked at, not called
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-syntax': ['error', ...noTestIsLeftOut],
    },
  },
  {
    // data in the form of code: one entry per line, nothing to follow
    files: ['**/*.table.ts'],
    rules: { 'max-lines': 'off' },
  },
  { files: TERMINAL, rules: { 'no-console': 'off' } },
  {
    files: ENVIRONMENT_READERS,
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    // how a bundle is made is no part of what is bundled
    files: ['**/rolldown.config.ts'],
    rules: boundaries([
      ...DATA_AND_KEYS,
      { sourceTag: '*', onlyDependOnLibsWithTags: ['layer:tooling'] },
    ]),
  },
  {
    // the reference pages are made from the settings that the services declare
    files: ['tools/**/*.ts'],
    rules: boundaries([{ sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }], {
      allow: [
        '^@rollcall/[a-z]+/src/(?:[a-z]+/)?[a-z]+\\.(config|telemetry)\\.ts$',
        '^\\.\\./deploy/embedded/src/embedded\\.config\\.ts$',
      ],
    }),
  },
  prettier,
);
