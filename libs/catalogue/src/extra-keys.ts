import { readFile } from 'node:fs/promises';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { z } from 'zod';
import type { ExtraKeys } from './catalogue.ts';

const ExtraKeysSchema = z.record(z.string(), z.array(z.string().regex(/^[0-9a-f]{64}$/)));

/**
 * Reads the file that `ROLLCALL_WRITE_KEYS_FILE` names: JSON, `{"<project>": ["<sha256 of a key, 64 hex digits>"]}`.
 *
 * Guarantee: no key sum is in the error.
 * @throws {RollcallError} CFG_INVALID when the file cannot be read or has another shape.
 */
export async function readWriteKeysFile(path: string): Promise<ExtraKeys> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RollcallError(
      'CFG_INVALID',
      'ROLLCALL_WRITE_KEYS_FILE names a file that cannot be read',
      { cause },
    );
  });
  const parsed = ExtraKeysSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new RollcallError(
    'CFG_INVALID',
    'the file of ROLLCALL_WRITE_KEYS_FILE must be JSON: {"<project>": ["<sha256, 64 lower-case hexadecimal digits>"]}',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Faults of added keys: one that two projects have. Keys of a project without a file are left alone, so that one file
 * of keys can serve deployments with different catalogues.
 */
export function extraKeyFaults(
  projects: readonly ProjectCatalogue[],
  extraKeys: ExtraKeys,
): string[] {
  const owners = new Map<string, string>();
  for (const { project, write_keys: keys } of projects)
    for (const key of keys === 'public' ? [] : keys) owners.set(key, project);
  const faults: string[] = [];
  for (const [project, keys] of Object.entries(extraKeys))
    for (const key of keys) {
      const owner = owners.get(key) ?? project;
      if (owner !== project)
        faults.push(
          `"${project}" and "${owner}" are given the same write key. Make one of them a new one.`,
        );
      owners.set(key, project);
    }
  return faults;
}
