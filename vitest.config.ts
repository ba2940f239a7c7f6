import { defineConfig } from 'vitest/config';

/** Folders of `test/` that need nothing started. */
const ALONE = ['architecture', 'contract'];
/** Folders of `test/` that share one whole Rollcall and leave it running. */
const SHARING = ['clients', 'golden', 'privacy'];
const NEVER = ['**/node_modules/**', '**/dist/**', '**/.rollcall/**', 'test/fixtures/**'];
const INTEGRATION = '**/*.integration.spec.ts';

/**
 * Four kinds of test, one after the other. What a kind needs is started when a file of it is run: unit tests by
 * themselves start nothing.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{apps,libs,deploy,tools}/**/*.spec.ts',
            `test/{${ALONE.join(',')}}/**/*.spec.ts`,
          ],
          exclude: [...NEVER, INTEGRATION],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: [INTEGRATION],
          exclude: NEVER,
          globalSetup: 'test/servers.setup.ts',
          // one broker, one engine and two cores: files side by side would only measure each other
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'wire',
          include: [`test/{${SHARING.join(',')}}/**/*.spec.ts`],
          exclude: NEVER,
          globalSetup: 'test/stack/rollcall.setup.ts',
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/**/*.spec.ts'],
          exclude: [...NEVER, INTEGRATION, `test/{${[...ALONE, ...SHARING].join(',')}}/**`],
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
