import type { Coordinates, ReplayableTopic } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { RecordProducer } from '../record-producer.ts';
import { readRecords } from '../record-reader.ts';
import type { KafkaSettings } from '../settings.ts';
import { replayLines, type ReplayPorts, type ReplayResult } from './replay-lines.ts';

/** What is to be replayed, and how. */
export interface Replay {
  readonly topic: ReplayableTopic;
  readonly refused: readonly Coordinates[];
  /** Read and count, produce nothing. */
  readonly isDry: boolean;
  readonly progressed?: ReplayPorts['progressed'];
  /** Ends it between two records. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads records where something of them was refused, and produces the lines once more to the same partition.
 *
 * Guarantee: what {@link replayLines} says. Its own connections, made for this call and closed at its end: consumers and
 * producers of the process are not touched, and none is made to produce while there is nothing to produce.
 * @throws KFK_STALLED, KFK_PRODUCE_FAILED, KFK_DENIED, KFK_UNTRUSTED; the reason of the signal
 */
export async function replayRecords(
  { topic, refused, isDry, progressed, signal }: Replay,
  settings: KafkaSettings,
  log: Log,
): Promise<ReplayResult> {
  const producer = new RecordProducer({ settings, log, partitionCounts: new Map() });
  let connected: Promise<void> | undefined;
  try {
    return await replayLines(refused, {
      read: (offsets, onRecord) => readRecords(settings, { topic, offsets, signal }, onRecord, log),
      send: isDry
        ? undefined
        : async (partition, record) => {
            await (connected ??= producer.connect(signal));
            await producer.send(topic, partition, [record]);
          },
      progressed,
    });
  } finally {
    await producer.disconnect();
  }
}
