import type { Clock } from '@rollcall/pipeline';

/** What a consumer did last; readiness and the watchdog judge by it. Instants are epoch ms. */
export interface ConsumerHealth {
  readonly isJoined: boolean;
  /** Partitions of this member, `topic/partition`. */
  readonly assigned: readonly string[];
  /** Last time a fetch or a commit came back. */
  readonly lastProgressAt: number;
  /** When the oldest batch still in the handler's hands was given to it; undefined when there is none. */
  readonly oldestBatchAt: number | undefined;
  /** Since when a partition has lag and does not move; undefined when none. */
  readonly stalledSince?: number | undefined;
}

/** Keeps {@link ConsumerHealth}. A generation is the time between two joins of the group. */
export class ConsumerProgress {
  readonly #clock: Clock;
  readonly #batches = new Map<symbol, number>();
  #assigned: readonly string[] = [];
  #isJoined = false;
  #lastProgressAt: number;
  #generation = 0;
  readonly #readAheadFrom = new Map<string, string>();
  readonly #readTo = new Map<string, bigint>();
  #stalledSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastProgressAt = clock();
  }

  get generation(): number {
    return this.#generation;
  }

  joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.#generation += 1;
    this.#readAheadFrom.clear();
    this.#readTo.clear();
    this.#isJoined = true;
    this.#assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => `${topic}/${partition}`),
    );
    this.moved();
  }

  left(): void {
    this.#generation += 1;
    this.#isJoined = false;
    this.#assigned = [];
  }

  moved(): void {
    this.#lastProgressAt = this.#clock();
  }

  /** Next offset that this member has read to, by `topic/partition`, since it joined. */
  get readTo(): ReadonlyMap<string, bigint> {
    return this.#readTo;
  }

  /** A batch was handed over and came back without a failure. */
  batchEnded(topic: string, partition: number, lastOffset: string): void {
    this.#readTo.set(`${topic}/${partition}`, BigInt(lastOffset) + 1n);
  }

  stalls(since: number | undefined): void {
    this.#stalledSince = since;
  }

  /** Records from this offset on were read without being committed; the first call until a commit counts. */
  readAhead(topic: string, partition: number, firstOffset: string): void {
    const key = `${topic}/${partition}`;
    if (!this.#readAheadFrom.has(key)) this.#readAheadFrom.set(key, firstOffset);
  }

  /** Where reading has to begin again after a failure; undefined when that is where it stands anyway. */
  readAheadFrom(topic: string, partition: number): string | undefined {
    return this.#readAheadFrom.get(`${topic}/${partition}`);
  }

  committed(topic: string, partition: number): void {
    this.#readAheadFrom.delete(`${topic}/${partition}`);
    this.moved();
  }

  /** Marks a batch as in the handler's hands until the returned function is called. */
  begin(): () => void {
    const batch = Symbol('batch');
    this.#batches.set(batch, this.#clock());
    return () => {
      this.#batches.delete(batch);
      this.moved();
    };
  }

  health(): ConsumerHealth {
    return {
      isJoined: this.#isJoined,
      assigned: this.#assigned,
      lastProgressAt: this.#lastProgressAt,
      oldestBatchAt: this.#batches.values().next().value,
      stalledSince: this.#stalledSince,
    };
  }
}
