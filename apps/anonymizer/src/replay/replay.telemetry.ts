import { Counter, type Registry } from 'prom-client';
import type { ReplayAnswer, ReplayableTopic } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { errorFields } from '@rollcall/service-kit';

/** What replay tells: counts by topic, never what was replayed. */
export class ReplayTelemetry {
  readonly #log: Log;
  readonly #lines: Counter<'topic'>;

  constructor(registry: Registry, log: Log) {
    this.#log = log;
    this.#lines = new Counter({
      name: 'anonymizer_replayed_lines_total',
      help: 'Refused lines that an operator had produced once more, by topic',
      labelNames: ['topic'],
      registers: [registry],
    });
  }

  /** Said as they go out: what fails later may have sent some. */
  produced(topic: ReplayableTopic, lineCount: number): void {
    this.#lines.inc({ topic }, lineCount);
  }

  replayed(topic: ReplayableTopic, isDry: boolean, answer: ReplayAnswer): void {
    this.#log.info(isDry ? 'A replay was tried.' : 'Refused lines were replayed.', {
      topic,
      ...answer,
    });
  }

  failed(topic: ReplayableTopic, error: unknown): void {
    this.#log.error('A replay failed.', { topic, ...errorFields(error) });
  }
}
