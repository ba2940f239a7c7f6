import type { Clock } from '@rollcall/pipeline';
import type { Readiness } from '@rollcall/service-kit';

const TRUSTED_FOR_MS = 5_000;

/** Sends a record that carries nothing and resolves when Kafka has acknowledged it. */
type Probe = () => Promise<void>;

/**
 * Proves the produce path by using it: events that were acknowledged a moment ago are proof enough; without any, an
 * empty record is produced the same way. Checks that come at once share one probe.
 */
export class ProduceProbe implements Readiness {
  readonly name = 'kafka';
  readonly #probe: Probe;
  readonly #clock: Clock;
  #provenAt = Number.NEGATIVE_INFINITY;
  #running: Promise<string | undefined> | undefined;

  constructor(probe: Probe, clock: Clock) {
    this.#probe = probe;
    this.#clock = clock;
  }

  acknowledged(): void {
    this.#provenAt = this.#clock();
  }

  failed(): void {
    this.#provenAt = Number.NEGATIVE_INFINITY;
  }

  check = (): Promise<string | undefined> => {
    if (this.#clock() - this.#provenAt < TRUSTED_FOR_MS) return Promise.resolve(undefined);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  };

  async #run(): Promise<string | undefined> {
    try {
      await this.#probe();
      return undefined;
    } catch {
      return 'Kafka does not acknowledge records; is it up, and do the topics exist?';
    }
  }
}
