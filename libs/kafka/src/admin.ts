import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { RollcallError, type TopicSpec } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { createKafka } from './client.ts';
import { findConnectionFault } from './connection-fault.ts';
import type { KafkaSettings } from './settings.ts';

const POLL_MS = 250;

/** Runs work with an admin connection of its own. */
export async function withAdmin<T>(
  settings: KafkaSettings,
  log: Log,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = createKafka(settings, log, 1).admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

export const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Waits until a broker answers with cluster metadata.
 *
 * @throws KFK_UNAVAILABLE when none did within `deadlineMs`; KFK_DENIED, KFK_UNTRUSTED at once
 */
export async function awaitKafka(
  settings: KafkaSettings,
  log: Log,
  deadlineMs: number,
): Promise<void> {
  const until = Date.now() + deadlineMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await withAdmin(settings, quiet, (admin) => admin.describeCluster());
      return;
    } catch (cause) {
      const fault = findConnectionFault(cause, settings.brokers.join(', '));
      if (fault !== undefined) throw fault;
      if (Date.now() > until)
        throw new RollcallError(
          'KFK_UNAVAILABLE',
          `no answer from ${settings.brokers.join(', ')}`,
          { cause },
        );
      if (attempt === 0 || attempt % 40 === 39)
        log.info('Waiting for Kafka.', { brokers: settings.brokers.join(', ') });
      await sleep(POLL_MS);
    }
  }
}

/**
 * Makes the topics that are missing. Topics that exist are left as they are.
 *
 * Guarantee: idempotent; returns when every topic has a leader for each partition.
 * @throws KFK_UNAVAILABLE
 */
export async function ensureTopics(
  settings: KafkaSettings,
  specs: readonly TopicSpec[],
  log: Log,
  { replicationFactor }: { replicationFactor: number },
): Promise<void> {
  await withAdmin(settings, log, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = specs.filter((spec) => !existing.has(spec.topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((spec) => ({
        topic: spec.topic,
        numPartitions: spec.partitionCount,
        replicationFactor,
        configEntries: [
          { name: 'retention.ms', value: String(spec.retentionMs) },
          { name: 'segment.ms', value: String(spec.segmentMs) },
          { name: 'max.message.bytes', value: String(spec.maxRecordBatchBytes) },
          { name: 'min.insync.replicas', value: String(Math.max(1, replicationFactor - 1)) },
        ],
      })),
    });
    log.info('Topics made.', { topics: missing.map((spec) => spec.topic).join(', ') });
  });
}

/**
 * Waits until all topics exist and returns how many partitions each has. Says what it waits for.
 *
 * Guarantee: ends by itself only with success, or when waiting would not help; stop it with the signal.
 * @throws KFK_DENIED, KFK_UNTRUSTED
 */
export async function awaitTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  log: Log,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  for (let attempt = 0; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      const metadata = await withAdmin(settings, quiet, (admin) =>
        admin.fetchTopicMetadata({ topics: [...topics] }),
      );
      return new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
    } catch (error) {
      const fault = findConnectionFault(error, settings.brokers.join(', '));
      if (fault !== undefined) throw fault;
      if (attempt % 40 === 0)
        log.info('Waiting for Kafka and its topics; `rollcall setup` makes the topics.', {
          brokers: settings.brokers.join(', '),
          topics: topics.join(', '),
        });
      await sleep(POLL_MS);
    }
  }
}
