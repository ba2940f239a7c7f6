import { readFile, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Which process a folder belongs to. */
const ClaimSchema = z.object({
  pid: z.int(),
  /** Tells a process from a later one with the same id. Empty where the system does not say. */
  startedAt: z.string(),
  /** Host and, in containers, the namespace within which `pid` means something. */
  place: z.string(),
});
export type Claim = z.output<typeof ClaimSchema>;

export const CLAIM_FILE = 'owner.json';
/** An owner that cannot be looked up from here is taken for dead when it has not renewed its claim for so long. */
const CLAIM_LASTS_MS = 60_000;

async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // the name before it is in brackets and may hold spaces; the start is the 20th field after it
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** This process, as others have to recognize it. */
export async function ownClaim(): Promise<Claim> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  const startedAt = (await startOf(process.pid)) ?? '';
  return { pid: process.pid, startedAt, place: `${hostname()} ${namespace}` };
}

async function readClaim(folder: string): Promise<Claim | undefined> {
  const text = await readFile(join(folder, CLAIM_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return ClaimSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether the process that a folder belongs to is still there, as seen from `own`. */
export async function isClaimed(folder: string, own: Claim): Promise<boolean> {
  const claim = await readClaim(folder);
  if (claim?.place === own.place) {
    const startedAt = await startOf(claim.pid);
    return startedAt === undefined ? exists(claim.pid) : startedAt === claim.startedAt;
  }
  const renewed = await stat(join(folder, CLAIM_FILE)).catch(() => undefined);
  return renewed !== undefined && Date.now() - renewed.mtimeMs < CLAIM_LASTS_MS;
}
