import type { Log } from '@rollcall/pipeline';
import type { GatewayConfig } from '../gateway.config.ts';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { RawTopic } from '../ingest/raw-topic.ts';
import { DiskSpool } from './disk-spool.ts';
import { SpoolReplay } from './spool-replay.ts';

export interface SpoolingParts {
  readonly config: Pick<GatewayConfig, 'GATEWAY_SPOOL_DIR' | 'GATEWAY_SPOOL_MAX_BYTES'>;
  readonly log: Log;
  readonly rawTopic: RawTopic;
  readonly telemetry: GatewayTelemetry;
}

/** The spool and its replay as one part of the gateway; nothing where no folder is configured. */
export class Spooling {
  readonly #parts: SpoolingParts;
  #spool: DiskSpool | undefined;
  #replay: SpoolReplay | undefined;

  constructor(parts: SpoolingParts) {
    this.#parts = parts;
  }

  /** @throws CFG_INVALID or what the file system says when the folder cannot be used. */
  async start(): Promise<void> {
    const { config, log, rawTopic, telemetry } = this.#parts;
    const { GATEWAY_SPOOL_DIR: dir, GATEWAY_SPOOL_MAX_BYTES: maxBytes } = config;
    if (dir === undefined) return;
    const spool = await DiskSpool.open({ dir, maxBytes, log });
    this.#spool = spool;
    rawTopic.spoolTo(spool);
    this.#replay = new SpoolReplay({
      spool,
      produce: (record) => rawTopic.produce(record),
      replayed: (count) => telemetry.eventsReplayed(count),
      log,
    });
    this.#replay.start();
  }

  async stopReplay(): Promise<void> {
    await this.#replay?.stop();
  }

  async close(): Promise<void> {
    await this.#spool?.close();
  }
}
