import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

/** A user of ClickHouse. */
export interface TestLogin {
  readonly user: string;
  readonly password: string;
}

/** The real servers that integration tests share. */
export interface TestServers {
  /** `host:port`; Rollcall's topics are there, with three partitions. */
  readonly brokers: readonly string[];
  /** Migrated. Every file of tests sees the rows of every other: select by a project name of your own. */
  readonly clickhouse: {
    readonly url: string;
    readonly tcpPort: number;
    readonly admin: TestLogin;
    readonly sink: TestLogin;
    readonly analyst: TestLogin;
    readonly eraser: TestLogin;
    readonly receipts: TestLogin;
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServers;
  }
}

/**
 * The servers of this test run.
 *
 * @throws in a file that is not named `*.integration.spec.ts`: nothing is started for the others.
 */
export function testServers(): TestServers {
  const servers = inject('servers') as TestServers | undefined;
  if (!servers) throw new Error('only *.integration.spec.ts files have servers');
  return servers;
}

/** @returns a name nobody else uses, for a topic, a consumer group or a project: `orders-3f9c01ab`. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}
