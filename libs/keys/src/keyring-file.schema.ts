import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';

const KEY_BYTES = 32;

const keyText = z
  .string()
  .refine((text) => isKeyText(text), `base64 of ${KEY_BYTES} bytes that are not all the same`);

const EpochSchema = z
  .strictObject({
    /** 1, 2, 3, … without a gap. */
    epoch: z.int().min(1).max(65_535),
    created_at: z.iso.datetime(),
    /** Events received from here on use this epoch; without it from `created_at` on. */
    starts_at: z.iso.datetime().optional(),
    /** Base64 of 32 random bytes; null once the epoch is destroyed. */
    key: keyText.nullable(),
    destroyed_at: z.iso.datetime().optional(),
  })
  .refine((epoch) => (epoch.key === null) === (epoch.destroyed_at !== undefined), {
    path: ['destroyed_at'],
    message: 'is there exactly when key is null',
  });

const ProjectSchema = z.strictObject({
  /** For event ids only. Never rotated: a retry after a rotation must still be the same event. */
  event_id_key: keyText,
  epochs: z
    .array(EpochSchema)
    .min(1)
    .refine(
      (epochs) => epochs.every((epoch, i) => epoch.epoch === i + 1),
      'are numbered 1, 2, 3, …',
    )
    .refine((epochs) => epochs.some((epoch) => epoch.key !== null), 'has one epoch with a key'),
});

/** The keyring file. Its keys are the only way from an identifier to its pseudonym. */
export const KeyringFileSchema = z
  .strictObject({ version: z.literal(1), projects: z.record(z.string(), ProjectSchema) })
  .refine((file) => new Set(keysOf(file)).size === keysOf(file).length, {
    path: ['projects'],
    message: 'every key is used once',
  });

export type KeyringFile = z.output<typeof KeyringFileSchema>;
export type EpochEntry = z.output<typeof EpochSchema>;

function isKeyText(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.length === KEY_BYTES && bytes.toString('base64') === text;
  // A key of one repeated byte is a placeholder that somebody forgot to replace.
  return isWhole && new Set(bytes).size > 1;
}

function keysOf(
  file: z.output<z.ZodObject<{ projects: z.ZodRecord<z.ZodString, typeof ProjectSchema> }>>,
): string[] {
  return Object.values(file.projects).flatMap((project) => [
    project.event_id_key,
    ...project.epochs.flatMap((epoch) => (epoch.key === null ? [] : [epoch.key])),
  ]);
}

/**
 * Text of a keyring file to its checked form.
 *
 * Guarantee: an error names places in the file, never what stands there (a JSON parser's own message would quote it).
 * @throws AN_KEYRING_INVALID
 */
export function parseKeyringFile(text: string): KeyringFile {
  const parsed = KeyringFileSchema.safeParse(parseJsonQuietly(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const place = issue.path.length === 0 ? 'the file' : issue.path.join('.');
    return `${place} (${issue.code === 'custom' ? issue.message : issue.code})`;
  });
  throw new RollcallError(
    'AN_KEYRING_INVALID',
    `${faults.join('; ')}. Restore the file from a backup; a new key would count every installation again`,
  );
}

function parseJsonQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RollcallError('AN_KEYRING_INVALID', 'it is not JSON. Restore the file from a backup');
  }
}
