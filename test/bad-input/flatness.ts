import type { MemoryReading } from './memory-watch.ts';

/** Memory around a number of requests, after a warm-up. */
export interface MemorySpan {
  readonly before: MemoryReading;
  readonly after: MemoryReading;
  readonly requests: number;
}

/** A leak of one KiB for each request is beyond both. Resident memory goes its own ways as well, by some tens of MiB. */
const ALLOWED_KIB_PER_REQUEST = { live: 0.5, resident: 0.75 };

/**
 * Below this many requests the leak that resident memory has to show is smaller than what it does by itself, and what is
 * live after a collection is judged alone.
 */
export const JUDGED_FROM = 100_000;

/** Why memory cannot be called flat; empty when it can. A reading that could not be taken is a fault. */
export function memoryFaults({ before, after, requests }: MemorySpan): readonly string[] {
  const kinds = requests < JUDGED_FROM ? (['live'] as const) : (['live', 'resident'] as const);
  return kinds.flatMap((kind) => {
    const allowed = (requests * ALLOWED_KIB_PER_REQUEST[kind]) / 1_024;
    const growth = after[kind] - before[kind];
    if (Number.isNaN(growth)) return [`${kind} memory was not measured`];
    if (growth <= allowed) return [];
    return [
      `${kind} memory grew by ${growth.toFixed(1)} MiB in ${requests} requests, allowed are ${allowed.toFixed(1)}`,
    ];
  });
}
