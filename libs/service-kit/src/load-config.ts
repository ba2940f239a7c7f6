import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';
import { Secret } from './secret.ts';

/** A port number from the environment; 0 lets the system choose. */
export const portFromEnv = z.coerce.number().int().min(0).max(65_535);

/** A secret from the environment. */
export const secretFromEnv = z
  .string()
  .min(1)
  .transform((text) => new Secret(text))
  .meta({ secret: true });

/** Settings that every service has; spread into its schema. */
export const serviceEnvShape = {
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta({ description: 'Least severe level that is logged' }),
};

/**
 * Reads a service's settings once, before anything starts.
 *
 * Guarantee: all faults are reported together, by variable and reason, never with the value; the result is frozen.
 * @throws CFG_INVALID
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<Schema>> {
  // An empty variable is an unset one: compose files and charts cannot leave a variable out.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new RollcallError('CFG_INVALID', `${faults.join('; ')}. See docs/reference/settings.md`);
}
