import {
  RollcallError,
  topicSpecs,
  type Coordinates,
  type ReplayableTopic,
} from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { RecordProducer } from '../record-producer.ts';
import { readRecords } from '../record-reader.ts';
import type { KafkaSettings } from '../settings.ts';
import { replayLines, type ReplayPorts, type ReplayResult } from './replay-lines.ts';

const CONNECT_WITHIN_MS = 20_000;

/** What is to be replayed, and how. */
export interface Replay {
  readonly topic: ReplayableTopic;
  readonly refused: readonly Coordinates[];
  /** Read and count, produce nothing. */
  readonly isDry: boolean;
  readonly produced?: ReplayPorts['produced'];
  readonly progressed?: ReplayPorts['progressed'];
  /** Ends it between two records. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads records where something of them was refused, and produces the lines once more to the same partition.
 *
 * Guarantee: what {@link replayLines} says. Its own connections, made for this call and closed at its end: consumers and
 * producers of the process are not touched, and a dry run does not produce. Bounded: it ends with a code when Kafka goes
 * away. Nothing is replayed that first came longer ago than the topic's retention, so that it lies in Kafka for twice that
 * at most.
 * @throws KFK_UNAVAILABLE when no broker takes the producer in 20 s; KFK_STALLED, KFK_PRODUCE_FAILED, KFK_DENIED,
 * KFK_UNTRUSTED; the reason of the signal
 */
export async function replayRecords(
  { topic, refused, isDry, produced, progressed, signal }: Replay,
  settings: KafkaSettings,
  log: Log,
): Promise<ReplayResult> {
  const producer = new RecordProducer({ settings, log, partitionCounts: new Map() });
  try {
    // before anything is read: a batch that waits for a connection would hold up the end of its consumer
    if (!isDry) await connect(producer, settings, signal);
    return await replayLines(refused, {
      read: (offsets, onRecord) => readRecords(settings, { topic, offsets, signal }, onRecord, log),
      send: isDry ? undefined : (partition, record) => producer.send(topic, partition, [record]),
      oldestMs: Date.now() - retentionMsOf(topic),
      produced,
      progressed,
    });
  } finally {
    await producer.disconnect();
  }
}

/** As Rollcall makes the topic, also where a deployment keeps it for another time: what it has is not asked. */
function retentionMsOf(topic: ReplayableTopic): number {
  const spec = topicSpecs(1).find((candidate) => candidate.topic === topic);
  return spec?.retentionMs ?? 0;
}

async function connect(
  producer: RecordProducer,
  { brokers }: KafkaSettings,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeout = AbortSignal.timeout(CONNECT_WITHIN_MS);
  try {
    await producer.connect(signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
  } catch (cause) {
    if (cause !== timeout.reason) throw cause;
    throw new RollcallError('KFK_UNAVAILABLE', brokers.join(', '), { cause });
  }
}
