import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolEnvironment } from '../environment.config.ts';
import { REPOSITORY } from './repository.ts';

export const SERVICES = ['gateway', 'anonymizer', 'sink', 'console'] as const;
export type ServiceName = (typeof SERVICES)[number];

const ROLLDOWN = [join(REPOSITORY, 'node_modules/rolldown/bin/cli.mjs'), '-c'];
const VITE = [join(REPOSITORY, 'node_modules/vite/bin/vite.js'), 'build'];
/** What is run, one after the other, to build a service. */
const BUILDERS: Readonly<Record<ServiceName, readonly (readonly string[])[]>> = {
  gateway: [ROLLDOWN],
  anonymizer: [ROLLDOWN],
  sink: [ROLLDOWN],
  // the pages go beside the program
  console: [ROLLDOWN, VITE],
};
/** What goes into every bundle, beside the service's own sources. */
const COMMON_SOURCES = ['package-lock.json', 'libs/*/src/**/*.ts', 'libs/contracts/*/src/**/*.ts'];

/** @returns the one file that the service is. */
export function bundleOf(service: ServiceName): string {
  return join(REPOSITORY, 'apps', service, 'dist/main.js');
}

/** Written last, when the program is there already. */
function pagesOfConsole(): string {
  return join(REPOSITORY, 'apps/console/dist/web/index.html');
}

function newestSourceMs(service: ServiceName): number {
  const own = [`apps/${service}/*.{json,ts}`, `apps/${service}/{src,web}/**/*.{ts,tsx,css,html}`];
  const files = globSync([...COMMON_SOURCES, ...own], { cwd: REPOSITORY });
  const sources = files.filter((file) => !file.endsWith('.spec.ts'));
  return Math.max(...sources.map((file) => statSync(join(REPOSITORY, file)).mtimeMs));
}

function isStale(service: ServiceName): boolean {
  const bundle = service === 'console' ? pagesOfConsole() : bundleOf(service);
  return !existsSync(bundle) || statSync(bundle).mtimeMs < newestSourceMs(service);
}

/** @returns those of the services whose bundle is missing or older than what it is made of. */
export function staleBundles(services: readonly ServiceName[] = SERVICES): readonly ServiceName[] {
  return services.filter(isStale);
}

/**
 * Bundles a service.
 *
 * @throws with what the bundler says.
 */
export async function buildBundle(service: ServiceName, signal?: AbortSignal): Promise<void> {
  try {
    for (const builder of BUILDERS[service])
      await promisify(execFile)(process.execPath, [...builder], {
        cwd: join(REPOSITORY, 'apps', service),
        env: toolEnvironment(),
        ...(signal && { signal }),
      });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`The ${service} cannot be built.\n${stdout}${stderr}`, { cause });
  }
}
