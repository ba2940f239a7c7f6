import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createCatalogue, loadCatalogue } from '@rollcall/catalogue';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { Secret, createLog, createRegistry } from '@rollcall/service-kit';
import { createRecordingLog, testServers } from '@rollcall/testing';
import { createConsoleApp } from './console.app.ts';
import { ConsoleConfigSchema } from './console.config.ts';
import { buildConsole } from './console.module.ts';

const CATALOGUE = join(import.meta.dirname, '../../../catalogue');
export const TOKEN = 'the-token-of-the-console-spec';

export interface RunningConsole {
  readonly url: string;
  readonly fastify: FastifyInstance;
  /** All that it logged, as text. */
  logged(): string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Signs in. @returns the cookie to send. */
  signIn(): Promise<string>;
  close(): Promise<void>;
}

/** A shipped project under another name and least count. */
export async function projectLike(
  shipped: string,
  changes: Partial<ProjectCatalogue>,
): Promise<ProjectCatalogue> {
  const found = (await loadCatalogue(CATALOGUE)).projects.get(shipped);
  if (found === undefined) throw new Error(`${shipped} is not shipped`);
  return { ...found, ...changes };
}

/** The console as `main.ts` builds it, over the real ClickHouse of the test run, on a free port. */
export async function startConsole(
  projects: readonly ProjectCatalogue[],
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningConsole> {
  const { url, analyst, receipts } = testServers().clickhouse;
  const webDir = mkdtempSync(join(tmpdir(), 'rollcall-console-'));
  mkdirSync(join(webDir, 'assets'));
  writeFileSync(join(webDir, 'assets', 'app.js'), 'export {};');
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>Rollcall</title>');
  const config = ConsoleConfigSchema.parse({
    CLICKHOUSE_URL: url,
    CLICKHOUSE_USER: analyst.user,
    CLICKHOUSE_PASSWORD: analyst.password,
    CONSOLE_RECEIPTS_USER: receipts.user,
    CONSOLE_RECEIPTS_PASSWORD: receipts.password,
    CONSOLE_REFRESH_MS: '100',
    ...settings,
  });
  const recorder = createRecordingLog();
  const log = { ...recorder, pino: createLog('console', 'silent').pino };
  const catalogue = createCatalogue(projects);
  const parts = buildConsole(config, {
    catalogue,
    registry: createRegistry(),
    log,
    adminToken: new Secret(TOKEN),
    webDir,
  });
  const app = await createConsoleApp(parts, log);
  await app.listen(0, '127.0.0.1');
  const origin = await app.getUrl();
  const get: RunningConsole['get'] = (path, headers = {}) =>
    fetch(origin + path, { headers, redirect: 'manual' });
  return {
    url: origin,
    fastify: app.getHttpAdapter().getInstance(),
    logged: () => recorder.text(),
    get,
    signIn: async () => {
      const answer = await fetch(`${origin}/operate/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: TOKEN }),
      });
      return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    close: async () => {
      await app.close();
      rmSync(webDir, { recursive: true, force: true });
    },
  };
}
