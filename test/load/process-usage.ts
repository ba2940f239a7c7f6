import { readFileSync } from 'node:fs';

/** Ticks per second of /proc; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** CPU time a process has used so far, in microseconds; 0 where there is no /proc. */
export function cpuMicroseconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
  } catch {
    return 0;
  }
}

/** Resident memory of a process in MiB; NaN, which is no measure, where there is no /proc or no such process. */
export function residentMiB(pid: number): number {
  try {
    return (
      (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 1_048_576
    );
  } catch {
    return NaN;
  }
}
