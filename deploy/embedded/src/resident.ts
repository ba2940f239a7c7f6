import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const KIBIBYTE = 1_024;
const MEBIBYTE = 1_048_576;

/** @returns the bytes of memory that a process holds just now, or undefined when it does not run. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kibibytes =
      process.platform === 'linux'
        ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return kibibytes ? Number(kibibytes) * KIBIBYTE : undefined;
  } catch {
    return undefined;
  }
}

/** @returns lines of text: each process with its memory, and their sum. */
export function residentTable(pids: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(pids).map(([name, pid]) => [name, residentBytes(pid) ?? 0] as const);
  const sum = rows.reduce((total, [, bytes]) => total + bytes, 0);
  return [...rows, ['together', sum] as const].map(
    ([name, bytes]) => `  ${name.padEnd(12)}${(bytes / MEBIBYTE).toFixed(0).padStart(6)} MiB`,
  );
}
