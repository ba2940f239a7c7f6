import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Credentials } from '../credentials.ts';
import { processEnvironment } from '../environment.config.ts';
import { httpStatus } from '../http-status.ts';
import type { ProcessSpec } from '../process/running-process.ts';
import { enginePackage } from './engine-package.ts';
import { serverConfig, type ServerSettings } from './server-config.ts';
import { usersConfig } from './users-config.ts';

const ENGINE = join(import.meta.dirname, '../clickhouse-engine.main.ts');

/** @returns whether npm has installed ClickHouse for this platform. */
export function hasClickHouseEngine(): boolean {
  try {
    createRequire(import.meta.url).resolve(`${enginePackage}/libchdb.so`);
    return true;
  } catch {
    return false;
  }
}

/** Makes the server's directory ready and says how the server is run. */
export function prepareClickHouse(settings: ServerSettings, credentials: Credentials): ProcessSpec {
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const configFile = join(settings.dataDir, 'config.xml');
  writeFileSync(configFile, serverConfig(settings), { mode: 0o600 });
  writeFileSync(join(settings.dataDir, 'users.xml'), usersConfig(credentials), { mode: 0o600 });
  return {
    name: 'clickhouse',
    command: process.execPath,
    args: [ENGINE, configFile],
    cwd: settings.dataDir,
    env: processEnvironment(),
    isReady: async () =>
      (await httpStatus(`http://${settings.host}:${settings.httpPort}/ping`)) === 200,
    readyDeadlineMs: 60_000,
    stopBy: 'closing its input',
    // a client's open connection delays the end by 5 s
    stopDeadlineMs: 15_000,
    isAlarming: (line) => /<(Error|Fatal)>/.test(line),
  };
}
