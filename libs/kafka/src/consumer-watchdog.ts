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
  /** Whether handlers wait for a store for as long as it is away; a batch in hand is never held against them then. */
  readonly isHandlerPatient: boolean;
}

/** A patient handler that has had its batch for longer is taken to be waiting. */
const WAITING_MS = 5_000;
const MIN_LOOK_MS = 500;
/** The broker's answer comes in far less, or not at all: a client that lost its way says neither yes nor no. */
const ANSWER_WITHIN_MS = 20_000;

const AWAY = Symbol('no broker answers');

/**
 * Tells a consumer that cannot get on from one that has nothing to do, while Kafka answers: it has lag that does not move,
 * or has no place in its group, or a batch in hand that nobody finishes. Progress decides, not whether timers still run.
 *
 * Guarantee: a consumer that is stuck for whatever reason is told of once, between `stallAfterMs` and about twice that after
 * Kafka began to answer. While no broker answers nothing is held against it: starting again would not bring one back.
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

  constructor(ports: WatchdogPorts) {
    this.#ports = ports;
    this.#lagWatch = new LagWatch(ports.clock);
  }

  start(): void {
    this.#timer = setInterval(
      () => {
        if (this.#isLooking) return;
        this.#isLooking = true;
        void this.look().finally(() => (this.#isLooking = false));
      },
      Math.max(MIN_LOOK_MS, this.#ports.stallAfterMs / 4),
    );
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One look. The timer makes them; a stall becomes known by several. */
  async look(): Promise<void> {
    const { stallAfterMs, clock, stalls, onStalled } = this.#ports;
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

  #forget(): undefined {
    this.#lagWatch.reset();
    this.#answersSince = undefined;
    this.#outsideSince = undefined;
  }

  #stalledSince(lags: ReadonlyMap<string, PartitionLag>): number | undefined {
    const { health, clock, isHandlerPatient } = this.#ports;
    const { assigned, isJoined, oldestBatchAt } = health();
    const now = clock();
    this.#answersSince ??= now;
    this.#outsideSince = isJoined ? undefined : (this.#outsideSince ?? now);
    const isWaiting =
      isHandlerPatient && oldestBatchAt !== undefined && now - oldestBatchAt > WAITING_MS;
    // Without a place in the group, what nobody moves is this member's business too.
    const ours = [...lags].filter(([key]) => !isJoined || assigned.includes(key));
    const unmoved = this.#lagWatch.stalledSince(new Map(isWaiting ? [] : ours));
    const inHand = isHandlerPatient ? undefined : oldestBatchAt;
    return earliest(
      unmoved,
      this.#outsideSince,
      inHand === undefined ? undefined : Math.max(inHand, this.#answersSince),
    );
  }
}

function earliest(...instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
