import { createHash, timingSafeEqual } from 'node:crypto';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';

/** sha256 of a write key, the only form of it that Rollcall keeps. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/**
 * Whether a key may write to a project.
 *
 * Guarantee: the time it takes tells nothing about how much of a wrong key is right: hashes are compared, all of
 * them, in constant time.
 */
export function mayWrite(project: ProjectCatalogue, key: string | undefined): boolean {
  if (project.write_keys === 'public') return true;
  if (key === undefined) return false;
  const given = hashKey(key);
  let isKnown = false;
  for (const known of project.write_keys)
    isKnown = timingSafeEqual(given, Buffer.from(known, 'hex')) || isKnown;
  return isKnown;
}
