import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startRollcall } from '@rollcall/embedded';
import { CAPTURED_KEYS } from '../replay/capture.ts';
import { startGatewayWithKeys } from './gateway-with-keys.ts';

/** Everything that a service could ever say, so that what must not be in a log is looked for in all of it. */
const CHATTY = { LOG_LEVEL: 'trace' };
/** All of the tests are one address. */
const UNLIMITED = { GATEWAY_RATE_ADDRESS_PER_SECOND: '0' };

/**
 * Runs once before the tests that need a whole Rollcall and leave it running: Kafka, ClickHouse and each service as a
 * process of its own, on free ports and in a directory that is removed after the last test. Beside its gateway there is
 * a second one that knows the write keys in the captures.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-stack-'));
  const stack = await startRollcall({
    dataDir,
    serviceEnvironment: { gateway: { ...CHATTY, ...UNLIMITED }, anonymizer: CHATTY, sink: CHATTY },
  });
  const captures = await startGatewayWithKeys(stack, dataDir, CAPTURED_KEYS);
  const { clickhouse, projects } = stack.credentials;
  project.provide('rollcall', {
    gateway: stack.urlOf('gateway'),
    capturesGateway: captures.url,
    services: [
      stack.urlOf('gateway'),
      captures.url,
      stack.urlOf('anonymizer'),
      stack.urlOf('sink'),
    ],
    brokers: stack.backends.kafka.brokers,
    clickhouse: {
      url: stack.backends.clickhouse.url,
      analyst: clickhouse.analyst,
      admin: clickhouse.admin,
    },
    keys: { kusk: projects.kusk.write_key, glasskube: projects.glasskube.api_key },
    logsDir: join(dataDir, 'logs'),
  });
  return async () => {
    await captures.stop();
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
