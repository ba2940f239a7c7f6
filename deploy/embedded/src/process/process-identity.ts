import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in whatever form the system tells; equal for the same process only. */
  readonly startedAt: string;
}

function linuxStart(pid: number): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // the name, in parentheses, may hold anything: count from its end; the start is field 22, in ticks since boot
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') throw new Error('it has ended');
  return `${boot} ${fields[19]}`;
}

function otherStart(pid: number): string {
  const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.trim();
}

/** @returns the identity of a process that runs now, or undefined. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    return { pid, startedAt: process.platform === 'linux' ? linuxStart(pid) : otherStart(pid) };
  } catch {
    return undefined;
  }
}

/** @returns whether the very process that was meant still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startedAt === identity.startedAt;
}
