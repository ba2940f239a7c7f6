import { RollcallError, TOPICS } from '@rollcall/contracts-transport';
import type { RecordProducer } from '@rollcall/kafka';
import type { Window } from './window.ts';

/** What is needed of a producer. */
export type RowProducer = Pick<RecordProducer, 'partitionCount' | 'send' | 'disconnect'>;

/**
 * The anonymized and the rejected topic as the anonymizer writes to them.
 *
 * Order: rows of a raw partition stay together in the anonymized partition of the same number (while both topics have
 * as many), in the order of the raw partition.
 */
export class RowTopics {
  #producer: RowProducer | undefined;

  /** From here on rows can be produced. */
  connected(producer: RowProducer): void {
    this.#producer = producer;
  }

  get isConnected(): boolean {
    return this.#producer !== undefined;
  }

  /**
   * Guarantee: when this resolves, every row and rejection of the window is acknowledged.
   * @throws KFK_PRODUCE_FAILED when one of them may be missing; some may be stored all the same
   */
  async produce(window: Window, rawPartition: number): Promise<void> {
    const producer = this.#producer;
    if (producer === undefined) throw new RollcallError('KFK_UNAVAILABLE', 'not connected yet');
    const partition = rawPartition % producer.partitionCount(TOPICS.anonymized);
    const rows = window.rowRecords();
    const rejections = window.rejectionRecords();
    await Promise.all([
      rows.length > 0 && producer.send(TOPICS.anonymized, partition, rows),
      rejections.length > 0 && producer.send(TOPICS.rejected, undefined, rejections),
    ]);
  }

  async close(): Promise<void> {
    await this.#producer?.disconnect();
  }
}
