import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Clock } from '@rollcall/pipeline';
import type { ConsumerHealth } from './consumer-progress.ts';
import { LagWatch, type PartitionLag } from './lag-watch.ts';

/** What a watchdog looks at, and whom it tells. */
export interface WatchdogPorts {
  readonly health: () => ConsumerHealth;
  /** Lag by `topic/partition`, from the broker by a connection of its own; rejects when no broker answers. */
  readonly lags: () => Promise<ReadonlyMap<string, PartitionLag>>;
  /** Epoch ms since when nothing moves; undefined when nothing stalls. Called with each look. */
  readonly stalls: (since: number | undefined) => void;
  /** Called with KFK_STALLED when a stall has lasted too long. */
  readonly onStalled: (error: RollcallError) => void;
  readonly clock: Clock;
  readonly stallAfterMs: number;
  /** Epoch ms since when a handler waits for something that is not Kafka; nothing is held against the consumer meanwhile. */
  readonly waitingSince: () => number | undefined;
}

const MIN_LOOK_MS = 500;
/** The broker's answer comes in far less, or not at all: a client that lost its way says neither yes nor no. */
const ANSWER_WITHIN_MS = 20_000;

const AWAY = Symbol('no broker answers');

/**
 * Tells a consumer that cannot get on from one that has nothing to do, while Kafka answers: it has lag that does not move,
 * or has no place in its group, or a batch in hand that nobody finishes. Progress decides, not whether timers still run.
 *
 * Guarantee: a consumer that is stuck for whatever reason is told of once, between `stallAfterMs` and about twice that after
 * Kafka began to answer and the handlers stopped waiting for something else. While no broker answers nothing is held against
 * it: starting again would not bring one back. Nor is the time in which this process stood still itself.
 *
 * A Kafka that answers and takes nothing (too few replicas in sync) is not told from a stuck consumer.
 */
export class ConsumerWatchdog {
  readonly #ports: WatchdogPorts;
  readonly #lagWatch: LagWatch;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** Since when every look found Kafka answering. */
  #answersSince: number | undefined;
  /** Since when every look found no place in the group. */
  #outsideSince: number | undefined;
  /** When a look last found a handler waiting. */
  #waitedAt = Number.NEGATIVE_INFINITY;
  #lookedAt: number | undefined;

  constructor(ports: WatchdogPorts) {
    this.#ports = ports;
    this.#lagWatch = new LagWatch(ports.clock);
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#isLooking) return;
      this.#isLooking = true;
      void this.look().finally(() => (this.#isLooking = false));
    }, this.#everyMs);
    this.#timer.unref();
  }

  get #everyMs(): number {
    return Math.max(MIN_LOOK_MS, this.#ports.stallAfterMs / 4);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One look. The timer makes them; a stall becomes known by several. */
  async look(): Promise<void> {
    const { stallAfterMs, clock, stalls, onStalled } = this.#ports;
    this.#forgetStandstill();
    const lags = await this.#askForLags();
    const since = lags === AWAY ? this.#forget() : this.#stalledSince(lags);
    const stalledMs = since === undefined ? 0 : clock() - since;
    stalls(stalledMs > stallAfterMs / 2 ? since : undefined);
    if (stalledMs <= stallAfterMs) return;
    this.stop();
    onStalled(
      new RollcallError('KFK_STALLED', `Kafka answers, and no progress for ${stalledMs} ms`),
    );
  }

  async #askForLags(): Promise<ReadonlyMap<string, PartitionLag> | typeof AWAY> {
    const tooLate = new AbortController();
    try {
      return await Promise.race([
        this.#ports.lags(),
        sleep(ANSWER_WITHIN_MS, AWAY, { ref: false, signal: tooLate.signal }),
      ]);
    } catch {
      return AWAY;
    } finally {
      tooLate.abort();
    }
  }

  /** A machine that slept, or a clock that was set, is no stall. */
  #forgetStandstill(): void {
    const now = this.#ports.clock();
    const sinceLookMs = now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    if (sinceLookMs > 2 * this.#everyMs + ANSWER_WITHIN_MS) this.#forget();
  }

  #forget(): undefined {
    this.#lagWatch.reset();
    this.#answersSince = undefined;
    this.#outsideSince = undefined;
  }

  #stalledSince(lags: ReadonlyMap<string, PartitionLag>): number | undefined {
    const { health, clock, waitingSince } = this.#ports;
    const { assigned, isJoined } = health();
    const now = clock();
    this.#answersSince ??= now;
    this.#outsideSince = isJoined ? undefined : (this.#outsideSince ?? now);
    // what takes a moment is no waiting: otherwise a busy consumer could hide that it fails again and again
    const isWaiting = now - (waitingSince() ?? now) > this.#everyMs;
    if (isWaiting) this.#waitedAt = now;
    // Without a place in the group, what nobody moves is this member's business too.
    const ours = [...lags].filter(([key]) => !isJoined || assigned.includes(key));
    return earliest(
      this.#lagWatch.stalledSince(new Map(isWaiting ? [] : ours)),
      this.#outsideSince,
      this.#inHandSince(this.#answersSince),
    );
  }

  /** Since when a batch is in hand and nothing gets on: windows of a large one are progress. */
  #inHandSince(answersSince: number): number | undefined {
    const { oldestBatchAt, lastProgressAt } = this.#ports.health();
    if (oldestBatchAt === undefined) return undefined;
    return Math.max(oldestBatchAt, lastProgressAt, answersSince, this.#waitedAt);
  }
}

function earliest(...instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
