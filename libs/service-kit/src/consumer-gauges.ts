import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '@rollcall/pipeline';

/** What a consumer says of itself when metrics are read. */
export interface WatchedConsumer {
  /** Epoch ms at which the oldest batch in hand was given out; undefined when there is none. */
  health(): { readonly oldestBatchAt?: number | undefined };
  /** Records of this replica's partitions that nobody has committed yet; undefined while Kafka does not say. */
  lagRecords(): Promise<number | undefined>;
}

/**
 * Shows whether a consumer gets on: `<service>_oldest_batch_age_seconds` and `<service>_lag_records`. Both are asked for when
 * metrics are read; the lag has no sample while it is not known.
 */
export function watchConsumer(
  registry: Registry,
  service: string,
  consumer: WatchedConsumer,
  clock: Clock,
): void {
  const registers = [registry];
  new Gauge({
    name: `${service}_oldest_batch_age_seconds`,
    help: 'How long the oldest batch in hand has been worked on',
    registers,
    collect() {
      const { oldestBatchAt: at } = consumer.health();
      this.set(at === undefined ? 0 : (clock() - at) / 1_000);
    },
  });
  new Gauge({
    name: `${service}_lag_records`,
    help: 'Records of the partitions of this replica that are not committed yet; absent while Kafka does not say',
    registers,
    async collect() {
      const records = await consumer.lagRecords();
      if (records === undefined) this.remove();
      else this.set(records);
    },
  });
}
