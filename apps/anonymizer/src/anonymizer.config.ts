import { z } from 'zod';
import { kafkaEnvShape } from '@rollcall/kafka';
import { loadConfig, portFromEnv, serviceEnvShape } from '@rollcall/service-kit';

const KIBIBYTE = 1_024;
const MEBIBYTE = 1_024 * KIBIBYTE;
const bytes = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(1);

/** Everything that can be set from outside. */
export const AnonymizerConfigSchema = z.object({
  ...serviceEnvShape,
  ...kafkaEnvShape,
  ANONYMIZER_HOST: z.string().default('127.0.0.1').meta({
    description: 'Address for health, metrics and replays; loopback unless told otherwise',
  }),
  ANONYMIZER_PORT: portFromEnv
    .default(9102)
    .meta({ description: 'Port for health, metrics and replays' }),
  ANONYMIZER_ADMIN_TOKEN_FILE: z.string().optional().meta({
    description:
      'File of the token that POST /replays asks for as Bearer; without it nothing is replayed this way',
  }),
  CATALOGUE_DIR: z
    .string()
    .default('catalogue')
    .meta({ description: 'Folder of the catalogue files' }),
  ROLLCALL_DATA_DIR: z
    .string()
    .default('.rollcall')
    .meta({ description: 'Folder of the state; the keyring is looked for here' }),
  ROLLCALL_KEYRING_FILE: z.string().optional().meta({
    description: 'File of the pseudonym keys; keyring.json in the data folder unless set',
  }),
  ROLLCALL_KEYRING_ALLOW_GROUP_READ: z
    .stringbool()
    .default(false)
    .meta({ description: 'Accept a keyring that its group may read (mounted secret, 0440)' }),
  ANONYMIZER_FETCH_MIN_BYTES: bytes
    .default(64 * KIBIBYTE)
    .meta({ description: 'A fetch with this much does not wait, as compressed' }),
  ANONYMIZER_FETCH_MAX_WAIT_MS: milliseconds
    .default(100)
    .meta({ description: 'Longest wait for a fetch to fill; the delay of a lone event' }),
  ANONYMIZER_FETCH_MAX_BYTES: bytes
    .default(2 * MEBIBYTE)
    .meta({ description: 'Most that one fetch brings, as compressed' }),
  ANONYMIZER_FETCH_PARTITION_BYTES: bytes
    .default(256 * KIBIBYTE)
    .meta({ description: 'Most that one fetch brings of a partition, as compressed' }),
  ANONYMIZER_WINDOW_MAX_BYTES: bytes
    .default(MEBIBYTE)
    .meta({ description: 'Rows produced and committed together, before compression' }),
  ANONYMIZER_PARTITIONS_CONCURRENTLY: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(3)
    .meta({ description: 'Partitions worked on side by side' }),
  ANONYMIZER_SESSION_TIMEOUT_MS: milliseconds
    .min(6_000)
    .default(6_000)
    .meta({ description: 'An anonymizer silent for this long loses its partitions to the others' }),
  ANONYMIZER_STUCK_AFTER_MS: milliseconds
    .default(30_000)
    .meta({ description: 'A batch in hand for longer makes the anonymizer not ready' }),
});

export type AnonymizerConfig = Readonly<z.output<typeof AnonymizerConfigSchema>>;

/** @throws CFG_INVALID with every fault at once */
export function readAnonymizerConfig(): AnonymizerConfig {
  return loadConfig(AnonymizerConfigSchema, process.env);
}
