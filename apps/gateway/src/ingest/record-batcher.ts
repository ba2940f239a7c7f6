import { RollcallError } from '@rollcall/contracts-transport';
import type { Clock } from '@rollcall/pipeline';

/** Produces one record of NDJSON lines and resolves when it is durable. */
export type SendRecord = (lines: Buffer, eventCount: number) => Promise<void>;

export interface BatcherOptions {
  readonly send: SendRecord;
  readonly clock: Clock;
  /** Lines gathered into one record, in bytes before compression. One request's lines stay together. */
  readonly maxRecordBytes: number;
  /** Beyond this nothing more is taken in. */
  readonly maxPendingBytes: number;
  readonly maxSendsUnderWay: number;
  readonly ackTimeoutMs: number;
}

interface Waiter {
  readonly lines: Buffer;
  readonly eventCount: number;
  readonly expiresAt: number;
  readonly resolve: () => void;
  readonly reject: (error: RollcallError) => void;
}

const SWEEP_MS = 250;

/**
 * Gathers the events of concurrent requests into few records, by natural batching: while the allowed sends are under
 * way, requests gather; as soon as one returns, what has gathered goes out as one record. No timer delays a request
 * that comes alone, and load makes the records larger by itself.
 *
 * Guarantee: a resolved `append` is durable. A rejected one was not acknowledged in time (it may still be stored: the
 * client's retry then collapses by event id). Memory is bounded by `maxPendingBytes` plus the records under way.
 * @see docs/adr/0004-many-events-in-one-record.md
 */
export class RecordBatcher {
  readonly #options: BatcherOptions;
  readonly #underWay = new Set<readonly Waiter[]>();
  readonly #sweep: NodeJS.Timeout;
  #gathered: Waiter[] = [];
  #pendingBytes = 0;
  #isScheduled = false;

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#expire(), SWEEP_MS);
    this.#sweep.unref();
  }

  /** Bytes taken in and not yet acknowledged or given up. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Adds the lines of one request (each ended by `\n`) and resolves when Kafka has them.
   *
   * @throws GW_UNAVAILABLE when the queue is full, the send failed or no acknowledgement came in time.
   */
  append(lines: Buffer, eventCount: number): Promise<void> {
    if (this.#pendingBytes + lines.length > this.#options.maxPendingBytes)
      return Promise.reject(new RollcallError('GW_UNAVAILABLE', 'too much is waiting already'));
    this.#pendingBytes += lines.length;
    return new Promise((resolve, reject) => {
      const expiresAt = this.#options.clock() + this.#options.ackTimeoutMs;
      this.#gathered.push({ lines, eventCount, expiresAt, resolve, reject });
      this.#schedule();
    });
  }

  /** Sends what has gathered and waits for all that is under way. */
  async drain(): Promise<void> {
    while (this.#gathered.length > 0 || this.#underWay.size > 0) {
      this.#pump();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    clearInterval(this.#sweep);
  }

  /** Once per turn of the event loop, so that requests read in the same turn share a record. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#gathered.length > 0 && this.#underWay.size < this.#options.maxSendsUnderWay) {
      const waiters = this.#take();
      this.#underWay.add(waiters);
      void this.#sendOne(waiters);
    }
  }

  #take(): readonly Waiter[] {
    let bytes = 0;
    let count = 0;
    for (const waiter of this.#gathered) {
      if (count > 0 && bytes + waiter.lines.length > this.#options.maxRecordBytes) break;
      bytes += waiter.lines.length;
      count += 1;
    }
    return this.#gathered.splice(0, count);
  }

  async #sendOne(waiters: readonly Waiter[]): Promise<void> {
    const lines =
      waiters.length === 1 && waiters[0]
        ? waiters[0].lines
        : Buffer.concat(waiters.map((w) => w.lines));
    const eventCount = waiters.reduce((sum, waiter) => sum + waiter.eventCount, 0);
    try {
      await this.#options.send(lines, eventCount);
      for (const waiter of waiters) waiter.resolve();
    } catch (cause) {
      const error = new RollcallError('GW_UNAVAILABLE', 'Kafka did not acknowledge', { cause });
      for (const waiter of waiters) waiter.reject(error);
    } finally {
      this.#underWay.delete(waiters);
      this.#pendingBytes -= lines.length;
      this.#pump();
    }
  }

  /** Answers those who have waited too long. Lines that no send has taken are dropped; a record under way stays. */
  #expire(): void {
    const now = this.#options.clock();
    const late = new RollcallError('GW_UNAVAILABLE', 'Kafka did not acknowledge in time');
    for (const waiters of this.#underWay)
      for (const waiter of waiters) if (waiter.expiresAt <= now) waiter.reject(late);
    const expired = this.#gathered.filter((waiter) => waiter.expiresAt <= now);
    if (expired.length === 0) return;
    this.#gathered = this.#gathered.filter((waiter) => waiter.expiresAt > now);
    for (const waiter of expired) {
      this.#pendingBytes -= waiter.lines.length;
      waiter.reject(late);
    }
  }
}
