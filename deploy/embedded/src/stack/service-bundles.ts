import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolEnvironment } from '../environment.config.ts';
import { REPOSITORY } from './repository.ts';

export const SERVICES = ['gateway', 'anonymizer', 'sink'] as const;
export type ServiceName = (typeof SERVICES)[number];

const ROLLDOWN = join(REPOSITORY, 'node_modules/rolldown/bin/cli.mjs');
/** What goes into every bundle, beside the service's own sources. */
const COMMON_SOURCES = ['package-lock.json', 'libs/*/src/**/*.ts', 'libs/contracts/*/src/**/*.ts'];

/** @returns the one file that the service is. */
export function bundleOf(service: ServiceName): string {
  return join(REPOSITORY, 'apps', service, 'dist/main.js');
}

function newestSourceMs(service: ServiceName): number {
  const own = [`apps/${service}/*.{json,ts}`, `apps/${service}/src/**/*.ts`];
  const files = globSync([...COMMON_SOURCES, ...own], { cwd: REPOSITORY });
  const sources = files.filter((file) => !file.endsWith('.spec.ts'));
  return Math.max(...sources.map((file) => statSync(join(REPOSITORY, file)).mtimeMs));
}

function isStale(service: ServiceName): boolean {
  const bundle = bundleOf(service);
  return !existsSync(bundle) || statSync(bundle).mtimeMs < newestSourceMs(service);
}

/** @returns the services whose bundle is missing or older than what it is made of. */
export function staleBundles(): readonly ServiceName[] {
  return SERVICES.filter(isStale);
}

/**
 * Bundles a service.
 *
 * @throws with what the bundler says.
 */
export async function buildBundle(service: ServiceName, signal?: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [ROLLDOWN, '-c'], {
      cwd: join(REPOSITORY, 'apps', service),
      env: toolEnvironment(),
      ...(signal && { signal }),
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`The ${service} cannot be built.\n${stdout}${stderr}`, { cause });
  }
}
