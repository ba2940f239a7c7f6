import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../ports.ts';
import { silentNews } from '../process/supervised-process.ts';
import { silentProgress } from '../progress.ts';
import { REPOSITORY, sharedKafkaLibsDir } from './repository.ts';
import { PORT_VARIABLES, type RollcallOptions, type RollcallPorts } from './rollcall-options.ts';
import { RollcallStack } from './rollcall-stack.ts';

/** Finds a free port for each part, and as many others: all different. */
export async function freeRollcallPorts(
  otherCount = 0,
): Promise<{ readonly ports: RollcallPorts; readonly others: readonly number[] }> {
  const names = Object.keys(PORT_VARIABLES) as (keyof RollcallPorts)[];
  const found = await freePorts(names.length + otherCount);
  const ports = Object.fromEntries(names.map((name, index) => [name, found[index]]));
  return { ports: ports as unknown as RollcallPorts, others: found.slice(names.length) };
}

/**
 * Starts a whole Rollcall for a test, a demonstration or a measurement: on free ports and in a directory of its own,
 * which is removed when it is stopped, unless it is told where.
 *
 * @throws what went wrong; nothing is left running then.
 */
export async function startRollcall(
  options: Partial<RollcallOptions> = {},
): Promise<RollcallStack> {
  const ownDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'rollcall-'));
  const stack = new RollcallStack({
    dataDir: ownDir,
    ports: (await freeRollcallPorts()).ports,
    catalogueDir: join(REPOSITORY, 'catalogue'),
    keyringFile: join(ownDir, 'keyring.json'),
    kafkaLibsDir: sharedKafkaLibsDir,
    partitionCount: 6,
    serviceEnvironment: {},
    // what nobody looks at would only take from what is measured
    services: ['gateway', 'anonymizer', 'sink'],
    news: silentNews,
    progress: silentProgress,
    ...options,
    stopped: () => {
      if (options.dataDir === undefined) rmSync(ownDir, { recursive: true, force: true });
      options.stopped?.();
    },
  });
  try {
    await stack.start();
    return stack;
  } catch (fault) {
    await stack.stop();
    throw fault;
  }
}
