import type { Clock } from '@rollcall/pipeline';

/** How fast a bucket fills and how much it holds. A rate of 0 means no limit. */
export interface BucketRate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Epoch ms of the last look. */
  at: number;
}

/**
 * Token buckets by key. Guarantee: never more than `maxKeys` of them, whatever clients send. The one that was used
 * longest ago goes first; it is the one most likely to be full again, which is the same as not being there.
 */
export class TokenBuckets {
  readonly #rate: BucketRate;
  readonly #maxKeys: number;
  readonly #clock: Clock;
  /** In order of use, the oldest first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: BucketRate, maxKeys: number, clock: Clock) {
    this.#rate = rate;
    this.#maxKeys = maxKeys;
    this.#clock = clock;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes `cost` tokens, all or none. More than a whole burst costs a whole burst: else it could never pass.
   *
   * @returns 0 when taken, else the seconds after which it is worth trying again, at least 1.
   */
  take(key: string, cost: number): number {
    const { perSecond, burst } = this.#rate;
    if (perSecond === 0) return 0;
    const wanted = Math.min(cost, burst);
    const bucket = this.#filled(key);
    if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / perSecond));
    bucket.tokens -= wanted;
    return 0;
  }

  #filled(key: string): Bucket {
    const { perSecond, burst } = this.#rate;
    const now = this.#clock();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    // a clock that was set back takes nothing away
    const passedMs = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(burst, bucket.tokens + (passedMs * perSecond) / 1_000);
    bucket.at = now;
    this.#buckets.delete(key);
    if (this.#buckets.size >= this.#maxKeys) this.#evict();
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #evict(): void {
    const oldest = this.#buckets.keys().next();
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}
