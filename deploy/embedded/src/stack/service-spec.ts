import { httpStatus } from '../http-status.ts';
import type { ProcessSpec } from '../process/running-process.ts';
import { REPOSITORY } from './repository.ts';
import { bundleOf, type ServiceName } from './service-bundles.ts';

/** @returns how a service's bundle is run: with nothing but its environment, as in production. */
export function serviceSpec(
  name: ServiceName,
  url: string,
  env: Readonly<Record<string, string>>,
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [bundleOf(name)],
    cwd: REPOSITORY,
    env,
    isReady: async () => (await httpStatus(`${url}/health/ready`)) === 200,
    readyDeadlineMs: 60_000,
    stopBy: 'SIGTERM',
    // a service gives itself nine seconds
    stopDeadlineMs: 12_000,
    // its own lines are JSON with a level; anything else was printed by a crash
    isAlarming: (line) => !line.startsWith('{') || /"level":"(warn|error|fatal)"/.test(line),
  };
}
