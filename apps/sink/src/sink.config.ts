import { z } from 'zod';
import { clickhouseEnvShape } from '@rollcall/clickhouse';
import { kafkaEnvShape } from '@rollcall/kafka';
import { loadConfig, portFromEnv, secretFromEnv, serviceEnvShape } from '@rollcall/service-kit';

const KIBIBYTE = 1_024;
const MEBIBYTE = 1_024 * KIBIBYTE;
const bytes = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(1);

/** Everything that can be set from outside. */
export const SinkConfigSchema = z.object({
  ...serviceEnvShape,
  ...kafkaEnvShape,
  ...clickhouseEnvShape,
  CLICKHOUSE_USER: z
    .string()
    .default('sink')
    .meta({ description: 'User that may insert, and no more' }),
  CLICKHOUSE_PASSWORD: secretFromEnv.meta({ description: 'Password of that user' }),
  SINK_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address for health and metrics; loopback unless told otherwise' }),
  SINK_PORT: portFromEnv.default(9103).meta({ description: 'Port for health and metrics' }),
  SINK_BATCH_MAX_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(50_000)
    .meta({ description: 'Most rows committed together' }),
  SINK_BATCH_MAX_BYTES: bytes
    .max(1_024 * MEBIBYTE)
    .default(32 * MEBIBYTE)
    .meta({ description: 'Most bytes committed together, as NDJSON' }),
  SINK_BATCH_MAX_AGE_MS: milliseconds
    .default(300)
    .meta({ description: 'Longest wait for a fetch to fill; the delay of a lone event' }),
  SINK_FETCH_MIN_BYTES: bytes
    .default(512 * KIBIBYTE)
    .meta({ description: 'A fetch with this much does not wait, as compressed' }),
  SINK_FETCH_MAX_BYTES: bytes
    .default(8 * MEBIBYTE)
    .meta({ description: 'Most that one fetch brings, as compressed' }),
  SINK_FETCH_PARTITION_BYTES: bytes
    .default(2 * MEBIBYTE)
    .meta({ description: 'Most that one fetch brings of a partition, as compressed' }),
  SINK_PARTITIONS_CONCURRENTLY: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(2)
    .meta({ description: 'Partitions inserted side by side' }),
  SINK_SESSION_TIMEOUT_MS: milliseconds
    .min(6_000)
    .default(6_000)
    .meta({ description: 'A sink silent for this long loses its partitions to the others' }),
  SINK_ERASER_USER: z
    .string()
    .default('eraser')
    .meta({ description: 'User that may delete, for erasure alone' }),
  SINK_ERASER_PASSWORD: secretFromEnv.optional().meta({
    description: 'Password of that user; without it this sink erases nothing',
  }),
  SINK_ERASURE_EVERY_MS: milliseconds
    .default(2_000)
    .meta({ description: 'Pause between two looks for erasures' }),
  SINK_ERASURE_SWEEP_EVERY_MS: milliseconds.default(60_000).meta({
    description:
      'Time between two looks for rows of erased installations that came in all the same',
  }),
  SINK_ERASURE_VERIFY_AFTER_MS: milliseconds
    .default(10_000)
    .meta({ description: 'Time for inserts under way to land before an erasure is verified' }),
  SINK_STUCK_AFTER_MS: milliseconds
    .default(30_000)
    .meta({ description: 'A batch in hand for longer makes the sink not ready' }),
});

export type SinkConfig = Readonly<z.output<typeof SinkConfigSchema>>;

export function readSinkConfig(): SinkConfig {
  return loadConfig(SinkConfigSchema, process.env);
}
