import type { Clock } from '@rollcall/pipeline';

/** How far a partition has been read, and how far it goes; both the next offset. */
export interface PartitionLag {
  readonly position: bigint;
  readonly end: bigint;
}

/**
 * Tells a consumer that has nothing to do from one that does nothing: a partition stalls when it has lag and its position
 * does not move.
 */
export class LagWatch {
  readonly #clock: Clock;
  readonly #seen = new Map<string, { position: bigint; since: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns since when the longest stall lasts, epoch ms; undefined when nothing stalls */
  stalledSince(partitions: ReadonlyMap<string, PartitionLag>): number | undefined {
    const now = this.#clock();
    let longest: number | undefined;
    for (const key of this.#seen.keys()) if (!partitions.has(key)) this.#seen.delete(key);
    for (const [key, { position, end }] of partitions) {
      const seen = this.#seen.get(key);
      const isMoving = seen === undefined || position !== seen.position || position >= end;
      if (isMoving) this.#seen.set(key, { position, since: now });
      else if (longest === undefined || seen.since < longest) longest = seen.since;
    }
    return longest;
  }

  /** Forgets all stalls: nobody could have moved meanwhile, or nobody could look. */
  reset(): void {
    this.#seen.clear();
  }
}
