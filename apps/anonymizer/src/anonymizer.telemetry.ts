import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Code, Rejection } from '@rollcall/contracts-transport';
import type { Clock, Log } from '@rollcall/pipeline';
import { errorFields } from '@rollcall/service-kit';
import type { PipelineReports } from './anonymizer.pipeline.ts';
import type { KeyringReports } from './keys/key-source.ts';
import type { Window } from './output/window.ts';

/** Codes that a person should look at: they come from a fault of ours, or of a catalogue, and not from a client's data. */
const ALARMING: ReadonlySet<Code> = new Set([
  'AN_RECORD_UNREADABLE',
  'AN_EVENT_UNREADABLE',
  'AN_EVENT_FAILED',
  'AN_RAW_FIELD_LEFT',
  'AN_KEYRING_INVALID',
]);

/** A flood of one kind is one log line in this time; the counter has the number. */
const REPEAT_LOG_MS = 10_000;

export interface TelemetryPorts {
  readonly registry: Registry;
  readonly log: Log;
  readonly clock: Clock;
}

/** Everything the anonymizer says: metrics per window, log lines per change. Coordinates and codes, bounded labels. */
export class AnonymizerTelemetry implements KeyringReports, PipelineReports {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #events: Counter<'project'>;
  readonly #rejections: Counter<'project' | 'code'>;
  readonly #records: Counter;
  readonly #seconds: Histogram;
  readonly #keyringUsable: Gauge;
  readonly #loggedAt = new Map<Code, number>();

  constructor({ registry, log, clock }: TelemetryPorts) {
    this.#log = log;
    this.#clock = clock;
    const registers = [registry];
    this.#events = new Counter({
      name: 'anonymizer_events_anonymized_total',
      help: 'Events whose rows are acknowledged and committed',
      labelNames: ['project'],
      registers,
    });
    this.#rejections = new Counter({
      name: 'anonymizer_rejections_total',
      help: 'Events refused and fields dropped, by code; project is empty when the catalogue has none such',
      labelNames: ['project', 'code'],
      registers,
    });
    this.#records = new Counter({
      name: 'anonymizer_records_consumed_total',
      help: 'Raw records committed',
      registers,
    });
    this.#seconds = new Histogram({
      name: 'anonymizer_produce_duration_seconds',
      help: 'From producing the rows of a window to the commit of its raw records',
      buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#keyringUsable = new Gauge({
      name: 'anonymizer_keyring_usable',
      help: '0 while the keyring file has changed to something that cannot be used',
      registers,
    });
  }

  keyringLoaded(fingerprints: readonly string[]): void {
    this.#keyringUsable.set(1);
    this.#log.info('Keyring loaded.', { keys: fingerprints.join('; ') });
  }

  keyringRefused(error: unknown): void {
    this.#keyringUsable.set(0);
    this.#log.error(
      'The keyring file has changed and cannot be used; the keys in memory stay in use.',
      {
        ...errorFields(error),
      },
    );
  }

  windowCommitted(window: Window, durationMs: number): void {
    this.#records.inc(window.recordCount);
    this.#seconds.observe(durationMs / 1_000);
    for (const [project, count] of window.eventCounts) this.#events.inc({ project }, count);
    for (const rejection of window.rejections) {
      const { project, code, count } = rejection;
      this.#rejections.inc({ project, code }, count);
      if (ALARMING.has(code)) this.#alarm(rejection);
    }
  }

  #alarm({ project, code, topic, partition, offset, index, count }: Rejection): void {
    const now = this.#clock();
    if (now - (this.#loggedAt.get(code) ?? -Infinity) < REPEAT_LOG_MS) return;
    this.#loggedAt.set(code, now);
    this.#log.error('Events were left out; their rejections hold the coordinates.', {
      ...{ project, code, topic, partition, offset, index, count },
    });
  }
}
