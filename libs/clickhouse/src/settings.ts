import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';

/** How to reach ClickHouse. */
export interface ClickHouseSettings {
  /** `http://host:port` or `https://…`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Database of all tables; `rollcall` when left out. */
  readonly database?: string;
  /** PEM of the authority that signed the server, where Node does not know it. */
  readonly ca?: string;
}

/** The `CLICKHOUSE_*` variables of everything that reaches ClickHouse; spread into its own settings schema. */
export const clickhouseEnvShape = {
  CLICKHOUSE_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8123')
    .meta({ description: 'HTTP address of ClickHouse' }),
  CLICKHOUSE_CA_FILE: z
    .string()
    .optional()
    .meta({ description: 'PEM file of the authority that signed the ClickHouse server' }),
};

/**
 * Connection settings from checked variables and the user to connect as.
 *
 * @throws CFG_INVALID when the named PEM file cannot be read: start-up stops there.
 */
export function toClickHouseSettings(
  env: z.output<z.ZodObject<typeof clickhouseEnvShape>>,
  user: { readonly username: string; readonly password: string },
): ClickHouseSettings {
  const file = env.CLICKHOUSE_CA_FILE;
  return {
    url: env.CLICKHOUSE_URL,
    ...user,
    ...(file !== undefined && { ca: readAuthority(file) }),
  };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new RollcallError(
      'CFG_INVALID',
      `CLICKHOUSE_CA_FILE: its file cannot be read (${reason})`,
    );
  }
}
