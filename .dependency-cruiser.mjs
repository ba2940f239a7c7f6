/**
 * What lint cannot see: cycles, orphans, and who may know whom inside one project.
 * Layers and data classes are in eslint.config.mjs; the privacy rule is in both, because it carries the product.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Specs, and what they share beside the source. */
const SPEC = '\\.(spec|fixture)\\.ts$';
const LIBRARY_TESTING = '^libs/testing/';

/** The source files that projects are entered by: what their package.json exports. */
const PROJECT_ENTRIES = globSync('{apps,libs,libs/contracts,deploy}/*/package.json').flatMap(
  (file) => {
    const { exports = {} } = JSON.parse(readFileSync(file, 'utf8'));
    const sources = Object.values(exports).filter((target) => target.endsWith('.ts'));
    return sources.map((source) => `^${RegExp.escape(join(dirname(file), source))}$`);
  },
);

/** Files that nothing imports because something else starts them. */
const STARTED = [
  SPEC,
  '\\.config\\.(ts|mjs)$',
  '(^|/)main\\.ts$',
  '\\.d\\.ts$',
  '^apps/cli/bin/',
  // by its page
  '^apps/console/web/src/main\\.tsx$',
  '^libs/keys/src/keys\\.command\\.ts$',
  '^deploy/embedded/(bootstrap\\.mjs|src/[^/]+\\.main\\.ts)$',
  // run by vitest
  '^libs/testing/src/[^/]+\\.setup\\.ts$',
  '^test/',
  '^tools/',
];

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment:
        'Two files that need each other are one concept or three. Move what both need into a file of its own, ' +
        'or pass it as an argument.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment:
        'Nothing reaches this file. Use it or delete it; an entry point is named in STARTED or exported by package.json.',
      from: { orphan: true, pathNot: [...STARTED, ...PROJECT_ENTRIES] },
      to: {},
    },
    {
      name: 'no-unreachable',
      severity: 'error',
      comment:
        'Only specs reach this file, or nothing that runs does. Wire it in or delete it with its spec.',
      from: {
        path: [...STARTED.filter((path) => path !== SPEC && path !== '^test/'), ...PROJECT_ENTRIES],
      },
      to: {
        path: '^(apps|libs|deploy)/.*/src/',
        pathNot: [...STARTED, ...PROJECT_ENTRIES],
        reachable: false,
      },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment:
        'The import does not resolve. Add the package to the package.json of the project, ' +
        'or mend the path (with its .ts ending).',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'src-not-to-spec',
      severity: 'error',
      comment: 'Production code imports a test. Move what it needs into a source file.',
      from: { pathNot: [SPEC, '^test/'] },
      to: { path: SPEC },
    },
    {
      name: 'only-specs-and-test-import-testing',
      severity: 'error',
      comment:
        'libs/testing holds fakes and starters for tests. Put what production needs into a library of its layer.',
      from: { pathNot: [SPEC, '^test/', LIBRARY_TESTING] },
      to: { path: LIBRARY_TESTING },
    },
    {
      name: 'steps-do-not-know-each-other',
      severity: 'error',
      comment:
        'A step that calls another hides the order. Give both the value they need; ' +
        'the pipeline file alone says what comes after what.',
      from: { path: '^libs/privacy/src/steps/[^/]+\\.step\\.ts$' },
      to: {
        path: [
          '^libs/privacy/src/steps/[^/]+\\.step\\.ts$',
          '\\.pipeline\\.ts$',
          '\\.module\\.ts$',
        ],
      },
    },
    {
      name: 'sink-never-reaches-raw',
      severity: 'error',
      comment:
        'The sink would be able to see what a client sent. It handles bytes and anonymized rows; ' +
        'do this work in the anonymizer, or move the shape that is needed to libs/contracts/anonymized.',
      from: { path: '^apps/sink/' },
      to: { path: '^(libs/contracts/raw|libs/dialects|libs/privacy|libs/keys)/', reachable: true },
    },
    {
      name: 'only-the-anonymizer-reaches-keys',
      severity: 'error',
      comment:
        'Whoever holds a key can undo the pseudonyms. Take the key as an argument (libs/privacy does), ' +
        'or do this work in the anonymizer.',
      from: { path: '^(apps|libs|deploy)/', pathNot: ['^apps/anonymizer/', '^libs/keys/'] },
      to: { path: '^libs/keys/' },
    },
    {
      name: 'kafkajs-only-in-kafka',
      severity: 'error',
      comment:
        'Use @rollcall/kafka. What it cannot do yet is added there, so that the client can be exchanged.',
      from: { pathNot: '^libs/kafka/' },
      to: { path: '(^|/)node_modules/kafkajs/' },
    },
    {
      name: 'clickhouse-client-only-in-clickhouse',
      severity: 'error',
      comment: 'Use @rollcall/clickhouse. What it cannot do yet is added there.',
      from: { pathNot: '^libs/clickhouse/' },
      to: { path: '(^|/)node_modules/@clickhouse/' },
    },
    {
      name: 'enter-by-index',
      severity: 'error',
      comment:
        'Another project is entered by its name (@rollcall/…), by what its package.json exports. Export it there.',
      from: { path: '^(apps|libs/contracts|libs|deploy)/([^/]+)/', pathNot: SPEC },
      to: {
        path: '^(apps|libs|deploy)/(contracts/)?[^/]+/src/',
        pathNot: ['^$1/$2/', ...PROJECT_ENTRIES],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    preserveSymlinks: false,
    doNotFollow: { path: '(^|/)node_modules/(?!@rollcall/)' },
    exclude: { path: ['(^|/)(dist|coverage)/', '^test/fixtures/', '(^|/)\\.rollcall/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.mjs', '.js', '.json', '.node'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
