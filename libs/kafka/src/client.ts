import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import kafkajs, { type Kafka as KafkaClient, type LogEntry } from 'kafkajs';
import type { Log } from '@rollcall/pipeline';
import type { KafkaSettings } from './settings.ts';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

// Level 1: telemetry repeats itself so much that more effort buys little, and CPU is what a gateway is short of.
// A window of 128 KiB instead of 512: what repeats is a few events away, and a smaller context is a third cheaper to make.
const zstdOptions = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 17 },
};

/** kafkajs ships gzip only; zstd comes from Node itself. Registered once per process, for producer and consumer. */
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: (encoder: { buffer: Buffer }) =>
    Promise.resolve(zstdCompressSync(encoder.buffer, zstdOptions)),
  decompress: (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer)),
});

/**
 * kafkajs computes one negative timeout per process on Node 20 and later (its issue 1751) and Node warns about it.
 * The cause is known and harmless, so this one warning is left out and every other is kept.
 */
const warn = process.emitWarning.bind(process);
process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
  const name = typeof rest[0] === 'string' ? rest[0] : undefined;
  if (name === 'TimeoutNegativeWarning') return;
  warn(warning, ...(rest as []));
};

/** The same complaint is logged again only after this time. */
const REPEAT_AFTER_MS = 10_000;

/**
 * What kafkajs says, in our log: its `error` is often a retry that will heal, so it counts as a warning here. An error
 * object is reduced to its name, since the message of one that a handler threw may quote data.
 */
function toLog(log: Log) {
  const lastSaidAt = new Map<string, number>();
  return () =>
    ({ level, log: entry }: LogEntry): void => {
      if (level !== logLevel.ERROR && level !== logLevel.WARN) return;
      const { message, broker, groupId, error } = entry as Record<string, unknown> & {
        message: string;
      };
      // An outage makes kafkajs say the same for every attempt of every request.
      if (Date.now() - (lastSaidAt.get(message) ?? 0) < REPEAT_AFTER_MS) return;
      if (lastSaidAt.size >= 100) lastSaidAt.clear();
      lastSaidAt.set(message, Date.now());
      log.warn('Kafka client reports a problem.', {
        message,
        broker,
        groupId,
        error: error instanceof Error ? error.name : error,
      });
    };
}

/**
 * A kafkajs client with Rollcall's settings: bounded retries, small first back-off, zstd.
 *
 * @see docs/adr/0004-many-events-in-one-record.md
 */
export function createKafka(
  settings: KafkaSettings,
  log: Log,
  retryCount = 5,
  firstRetryMs = 20,
): KafkaClient {
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ...(settings.ssl && { ssl: settings.ssl }),
    ...(settings.sasl && { sasl: settings.sasl }),
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: firstRetryMs, maxRetryTime: 1_000, retries: retryCount },
    logLevel: logLevel.WARN,
    logCreator: toLog(log),
  });
}
