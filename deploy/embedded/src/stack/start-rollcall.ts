import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../ports.ts';
import { silentNews } from '../process/supervised-process.ts';
import { silentProgress } from '../progress.ts';
import { REPOSITORY, sharedKafkaLibsDir } from './repository.ts';
import type { RollcallOptions, RollcallPorts } from './rollcall-options.ts';
import { RollcallStack } from './rollcall-stack.ts';

async function anyPorts(): Promise<RollcallPorts> {
  const [gateway, web, anonymizer, sink, clickhouseHttp, clickhouseTcp, kafka, kafkaController] =
    (await freePorts(8)) as [number, number, number, number, number, number, number, number];
  return {
    gateway,
    console: web,
    anonymizer,
    sink,
    clickhouseHttp,
    clickhouseTcp,
    kafka,
    kafkaController,
  };
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
    ports: await anyPorts(),
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
