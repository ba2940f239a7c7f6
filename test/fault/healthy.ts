import { setTimeout as sleep } from 'node:timers/promises';
import { GROUPS } from '@rollcall/contracts-transport';
import { createKafka } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import type { FaultStack } from './fault-stack.ts';
import { awaitReady } from './ledger.ts';

const SERVICES = ['gateway', 'anonymizer', 'sink'] as const;
const LIMIT_MS = 120_000;
const POLL_MS = 200;

/** Whether both groups are stable with one member each: a killed member counts until its group gives it up. */
async function areGroupsWhole(brokers: readonly string[]): Promise<boolean> {
  const kafka = createKafka({ brokers, clientId: 'rollcall-fault-runs' }, silentLog);
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups(Object.values(GROUPS));
    return groups.every(({ state, members }) => state === 'Stable' && members.length === 1);
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/**
 * Waits until the stack is whole: every process answers, every service says it is ready, and each group of consumers is
 * stable with its one member.
 *
 * @throws when that takes longer than two minutes.
 */
export async function awaitHealthy({ stack }: FaultStack): Promise<void> {
  const until = performance.now() + LIMIT_MS;
  for (const name of ['kafka', 'clickhouse', ...SERVICES] as const)
    await stack.process(name).whenReady();
  await Promise.all(SERVICES.map((name) => awaitReady(stack.urlOf(name), LIMIT_MS)));
  while (!(await areGroupsWhole(stack.backends.kafka.brokers))) {
    if (performance.now() > until) throw new Error('a group of consumers is not whole again');
    await sleep(POLL_MS);
  }
}
