import type { EventText } from './event-text.ts';
import type { ClientLimits } from './options.ts';

/** Events that wait, oldest first. */
export class EventQueue {
  readonly #limits: ClientLimits;
  #events: EventText[] = [];
  #bytes = 0;

  constructor(limits: ClientLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#events.length;
  }

  /**
   * Adds an event at the end.
   *
   * Guarantee: afterwards at most `maxQueueEvents` and `maxQueueBytes` are held.
   *
   * @returns how many of the oldest had to go for it.
   */
  add(event: EventText): number {
    this.#events.push(event);
    this.#bytes += event.bytes;
    const before = this.count;
    while (this.count > this.#limits.maxQueueEvents || this.#bytes > this.#limits.maxQueueBytes)
      this.#shift();
    return before - this.count;
  }

  /** Removes and returns the oldest events that fit into one batch: at least one, unless there is none. */
  takeBatch(): readonly EventText[] {
    const batch: EventText[] = [];
    let bytes = 0;
    for (;;) {
      const [next] = this.#events;
      if (next === undefined || batch.length === this.#limits.maxBatchEvents) return batch;
      // one for the comma or bracket
      bytes += next.bytes + 1;
      if (batch.length > 0 && bytes > this.#limits.maxBatchBytes) return batch;
      batch.push(next);
      this.#shift();
    }
  }

  /** @returns how many events there were. */
  clear(): number {
    const { count } = this;
    this.#events = [];
    this.#bytes = 0;
    return count;
  }

  #shift(): void {
    this.#bytes -= this.#events.shift()?.bytes ?? 0;
  }
}
