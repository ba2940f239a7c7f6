import type { Clock } from '@rollcall/pipeline';
import type { Readiness } from '@rollcall/service-kit';

const TRUSTED_FOR_MS = 5_000;

export interface ProbePorts {
  /** Sends a record that carries nothing and resolves when Kafka has acknowledged it. */
  readonly produce: () => Promise<void>;
  /** Whether events are kept on disk while Kafka is away, and there is room for more. */
  readonly isSpooling: () => boolean;
  readonly clock: Clock;
}

/**
 * Proves the produce path by using it: events that were acknowledged a moment ago are proof enough; without any, an
 * empty record is produced the same way. Checks that come at once share one probe. While the spool takes what Kafka
 * does not, the gateway does its work and is ready; it says so in its note.
 */
export class ProduceProbe implements Readiness {
  readonly name = 'kafka';
  readonly #ports: ProbePorts;
  #provenAt = Number.NEGATIVE_INFINITY;
  #running: Promise<string | undefined> | undefined;

  constructor(ports: ProbePorts) {
    this.#ports = ports;
  }

  acknowledged(): void {
    this.#provenAt = this.#ports.clock();
  }

  failed(): void {
    this.#provenAt = Number.NEGATIVE_INFINITY;
  }

  check = (): Promise<string | undefined> => {
    if (this.#ports.clock() - this.#provenAt < TRUSTED_FOR_MS || this.#ports.isSpooling())
      return Promise.resolve(undefined);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  };

  note = (): string | undefined =>
    this.#ports.isSpooling() ? 'spooling: Kafka is away, events are kept on disk' : undefined;

  async #run(): Promise<string | undefined> {
    try {
      await this.#ports.produce();
      return undefined;
    } catch {
      return this.#ports.isSpooling()
        ? undefined
        : 'Kafka does not acknowledge records; is it up, and do the topics exist?';
    }
  }
}
