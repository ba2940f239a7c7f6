import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '@rollcall/contracts-transport';

const LoginSchema = z.object({ user: z.string(), password: z.string() });
const FileSchema = z.looseObject({
  clickhouse: z
    .looseObject({
      analyst: LoginSchema.optional(),
      analysts: z.record(z.string(), LoginSchema).default({}),
    })
    .prefault({}),
});

/** A user and its password. */
export type Login = z.output<typeof LoginSchema>;

/** @returns the logins of the analysts in a `credentials.json`, by project; none when there is no such file */
export function readAnalysts(file: string): Readonly<Record<string, Login>> {
  return read(file).clickhouse.analysts;
}

/** @returns the login of the analyst of all projects, where there is one */
export function readGeneralAnalyst(file: string): Login | undefined {
  return read(file).clickhouse.analyst;
}

/**
 * Replaces the logins of the analysts; everything else in the file stays.
 *
 * Guarantee: readable by the owner alone; written as a whole, so that a crash leaves no half of it.
 */
export function writeAnalysts(file: string, analysts: Readonly<Record<string, Login>>): void {
  const kept = read(file);
  const text = JSON.stringify(
    { ...kept, clickhouse: { ...kept.clickhouse, analysts } },
    undefined,
    2,
  );
  const scratch = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(scratch, `${text}\n`, { mode: 0o600 });
    renameSync(scratch, file);
  } finally {
    rmSync(scratch, { force: true });
  }
}

function read(file: string): z.output<typeof FileSchema> {
  try {
    return FileSchema.parse(JSON.parse(readText(file)));
  } catch (cause) {
    throw new RollcallError('CFG_INVALID', `${file} is not a file of credentials`, { cause });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw fault;
  }
}
