import { EventQueue } from './event-queue.ts';
import type { EventText } from './event-text.ts';
import { exchange, parseRetryAfter, toVerdict } from './exchange.ts';
import type { ClientLimits, Settings } from './options.ts';
import type { ClientAnswer, ClientRequest, ClientTransport } from './ports.ts';
import { after, within } from './timers.ts';

/** First pause after a failure, in ms; it doubles with every further one. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Longest time that `Retry-After` can silence the kit, in ms: a server that errs must not do so for good. */
const LONGEST_SILENCE_MS = 3_600_000;

/** What became of the events so far. */
export interface DeliveryCounts {
  readonly queued: number;
  readonly sent: number;
  readonly dropped: number;
}

export interface DeliveryParts {
  readonly settings: Settings;
  readonly transport: ClientTransport;
  /** Asked before each request: the choice may have been changed by another process. */
  readonly maySend: () => boolean;
}

/** The request that carries these events. */
export function toRequest(settings: Settings, events: readonly EventText[]): ClientRequest {
  const { eventsUrl: url, headers } = settings;
  return { url, headers, body: `[${events.map(({ text }) => text).join(',')}]` };
}

/**
 * Gathers events and sends them, one request at a time.
 *
 * Guarantee: an event is dropped and counted rather than held beyond the limits, or sent more often than `maxAttempts`.
 * After a failure nothing is sent for a while that doubles each time, and never before `Retry-After` has passed.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #limits: ClientLimits;
  readonly #queue: EventQueue;
  #held: readonly EventText[] = [];
  #attempts = 0;
  #failures = 0;
  #quietUntil = 0;
  #sent = 0;
  #dropped = 0;
  #draining: Promise<void> | undefined;
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;
  #abort = new AbortController();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#limits = parts.settings.limits;
    this.#queue = new EventQueue(this.#limits);
  }

  get counts(): DeliveryCounts {
    const queued = this.#queue.count + this.#held.length;
    return { queued, sent: this.#sent, dropped: this.#dropped };
  }

  /** Takes an event in; `undefined` stands for one that could not be written. */
  add(event: EventText | undefined): void {
    this.#dropped += event === undefined ? 1 : this.#queue.add(event);
    const isFull = this.#queue.count >= this.#limits.maxBatchEvents;
    if (event !== undefined) this.#schedule(isFull ? 0 : this.#limits.flushIntervalMs);
  }

  /** Sends what there is, until there is nothing or the server is not to be asked for a while; waits at most a time. */
  async flush(timeoutMs: number): Promise<void> {
    await within(timeoutMs, this.#drain());
  }

  /** Forgets all events, also those under way. */
  discard(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#dropped += this.#queue.clear();
    this.#settleHeld('dropped');
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  #schedule(delayMs: number): void {
    if (this.#draining !== undefined) return;
    const now = Date.now();
    const dueAt = Math.max(now + delayMs, this.#quietUntil);
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) return;
    this.#timer?.cancel();
    const cancel = after(dueAt - now, () => {
      this.#timer = undefined;
      void this.#drain();
    });
    this.#timer = { dueAt, cancel };
  }

  #drain(): Promise<void> {
    this.#draining ??= this.#drainOnce();
    return this.#draining;
  }

  async #drainOnce(): Promise<void> {
    try {
      await this.#sendAll();
    } catch {
      // a rejection that nobody looks after would end the program around
    }
    this.#draining = undefined;
    if (this.counts.queued > 0) this.#schedule(this.#limits.flushIntervalMs);
  }

  async #sendAll(): Promise<void> {
    while (Date.now() >= this.#quietUntil) {
      if (!this.#parts.maySend()) return this.discard();
      if (this.#held.length === 0) this.#held = this.#queue.takeBatch();
      if (this.#held.length === 0) return;
      await this.#sendHeld();
    }
  }

  async #sendHeld(): Promise<void> {
    const { settings, transport } = this.#parts;
    const batch = this.#held;
    const patience = { timeoutMs: this.#limits.requestTimeoutMs, signal: this.#abort.signal };
    const answer = await exchange(transport, toRequest(settings, batch), patience);
    // forgotten meanwhile
    if (this.#held !== batch) return;
    const verdict = toVerdict(answer?.status);
    if (verdict === 'later') return this.#pause(answer);
    this.#failures = 0;
    this.#settleHeld(verdict === 'stored' ? 'sent' : 'dropped');
  }

  #pause(answer: ClientAnswer | undefined): void {
    this.#attempts += 1;
    this.#failures += 1;
    const doubled = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    // spread, so that clients that failed together do not come back together
    const own = doubled * (0.5 + Math.random() / 2);
    const asked = parseRetryAfter(answer?.retryAfter, Date.now()) ?? 0;
    this.#quietUntil = Date.now() + Math.max(own, Math.min(asked, LONGEST_SILENCE_MS));
    const isHopeless = this.#attempts >= this.#limits.maxAttempts;
    if (isHopeless || asked > this.#limits.maxRetryAfterMs) this.#settleHeld('dropped');
  }

  #settleHeld(fate: 'sent' | 'dropped'): void {
    if (fate === 'sent') this.#sent += this.#held.length;
    else this.#dropped += this.#held.length;
    this.#held = [];
    this.#attempts = 0;
  }
}
