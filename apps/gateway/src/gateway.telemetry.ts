import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { HttpCode } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';

export interface TelemetryPorts {
  readonly registry: Registry;
  readonly log: Log;
  readonly pendingBytes: () => number;
  readonly spoolBytes: () => number;
  readonly writeRejection: (project: string, code: HttpCode, count: number) => void;
}

function registerGauges(
  registers: Registry[],
  { pendingBytes, spoolBytes }: Pick<TelemetryPorts, 'pendingBytes' | 'spoolBytes'>,
): void {
  new Gauge({
    name: 'gateway_pending_bytes',
    help: 'Events waiting for Kafka',
    registers,
    collect() {
      this.set(pendingBytes());
    },
  });
  new Gauge({
    name: 'gateway_spool_bytes',
    help: 'Events on disk that wait for Kafka',
    registers,
    collect() {
      this.set(spoolBytes());
    },
  });
}

/** Everything the gateway says: metrics per request, log lines per change. No content, no address, bounded labels. */
export class GatewayTelemetry {
  readonly #log: Log;
  readonly #accepted: Counter<'project' | 'dialect'>;
  readonly #rejected: Counter<'project' | 'code'>;
  readonly #erasures: Counter<'project'>;
  readonly #records: Counter;
  readonly #spooled: Counter;
  readonly #replayed: Counter;
  readonly #produceSeconds: Histogram;
  readonly #failures: Counter;
  readonly #writeRejection: (project: string, code: HttpCode, count: number) => void;
  #isFailing = false;

  constructor({ registry, log, writeRejection, ...gauges }: TelemetryPorts) {
    this.#log = log;
    this.#writeRejection = writeRejection;
    const registers = [registry];
    registerGauges(registers, gauges);
    this.#accepted = new Counter({
      name: 'gateway_events_accepted_total',
      help: 'Events that are durable: acknowledged by Kafka, or on disk in the spool',
      labelNames: ['project', 'dialect'],
      registers,
    });
    this.#rejected = new Counter({
      name: 'gateway_events_rejected_total',
      help: 'Events and requests refused, and parts of kept events that were not usable, by code; project is empty where none was found',
      labelNames: ['project', 'code'],
      registers,
    });
    this.#erasures = new Counter({
      name: 'gateway_erasures_requested_total',
      help: 'Requests for erasure that Kafka has acknowledged',
      labelNames: ['project'],
      registers,
    });
    this.#records = new Counter({
      name: 'gateway_records_produced_total',
      help: 'Kafka records acknowledged',
      registers,
    });
    this.#failures = new Counter({
      name: 'gateway_sends_failed_total',
      help: 'Sends that Kafka did not acknowledge',
      registers,
    });
    this.#produceSeconds = new Histogram({
      name: 'gateway_produce_duration_seconds',
      help: 'From send to acknowledgement',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#spooled = new Counter({
      name: 'gateway_spooled_events_total',
      help: 'Events written to disk because Kafka did not acknowledge',
      registers,
    });
    this.#replayed = new Counter({
      name: 'gateway_replayed_events_total',
      help: 'Events of the spool that Kafka has acknowledged since',
      registers,
    });
  }

  eventsAccepted(project: string, dialect: string, count: number): void {
    this.#accepted.inc({ project, dialect }, count);
  }

  /** Counted here and, as a sum, in `rollcall.rejections`. */
  eventRejected(project: string, code: HttpCode, count = 1): void {
    this.#rejected.inc({ project, code }, count);
    this.#writeRejection(project, code, count);
  }

  erasureRequested(project: string): void {
    this.#erasures.inc({ project });
  }

  recordProduced(durationMs: number): void {
    this.#records.inc();
    this.#produceSeconds.observe(durationMs / 1_000);
    if (this.#isFailing) this.#log.info('Kafka acknowledges again.');
    this.#isFailing = false;
  }

  sendFailed(code: string, hasSpool: boolean): void {
    this.#failures.inc();
    // one line per outage, not per request
    if (!this.#isFailing)
      this.#log.error(
        hasSpool
          ? 'Kafka does not acknowledge; events go to the spool.'
          : 'Kafka does not acknowledge; clients get 503 and Retry-After.',
        { code },
      );
    this.#isFailing = true;
  }

  eventsSpooled(count: number): void {
    this.#spooled.inc(count);
  }

  eventsReplayed(count: number): void {
    this.#replayed.inc(count);
  }

  requestFailed(error: unknown): void {
    this.#log.error('A request failed inside the gateway.', {
      error: error instanceof Error ? error.name : typeof error,
      // where, not what: the frames of our own code without the message
      at:
        error instanceof Error
          ? error.stack
              ?.split('\n')
              .slice(1, 4)
              .map((line) => line.trim())
          : undefined,
    });
  }
}
