import { z } from 'zod';
import { RECORD_VERSION, HEADERS, TABLES, TOPICS } from '@rollcall/contracts-transport';
import type { ConsumedRecord, TransactionalBatch } from '@rollcall/kafka';
import { DOMAINS, isIdentifier, pseudonymize, type KeysOf } from '@rollcall/privacy';
import type { Transactions } from '../anonymizer.pipeline.ts';
import { RecordValues } from '../output/record-values.ts';
import type { RowTopics } from '../output/row-topics.ts';

const ErasureLine = z.object({
  receipt: z.string().regex(/^[0-9a-f]{48}$/),
  project: z.string(),
  installation_id: z.string().refine(isIdentifier),
  requested_at: z.iso.datetime(),
});

export interface ErasurePorts {
  readonly keysOf: KeysOf;
  readonly output: { open(batch: TransactionalBatch): Promise<Transactions> };
  readonly topics: Pick<RowTopics, 'partitionOf'>;
  readonly reports: {
    erasuresHandedOn(count: number): void;
    erasureUnreadable(partition: number, offset: string): void;
  };
}

/**
 * Requests for erasure to orders for the sink: the identifier becomes its pseudonyms, one for each epoch that still has
 * its key, and ends here.
 *
 * Guarantee: each request gives its order exactly once for a reader of committed records. A record that is no request is
 * told by its coordinates and passed.
 */
export class ErasurePipeline {
  readonly #ports: ErasurePorts;

  constructor(ports: ErasurePorts) {
    this.#ports = ports;
  }

  /** @throws KFK_UNAVAILABLE, KFK_PRODUCE_FAILED, KFK_FENCED; what was not committed is read again */
  async run(batch: TransactionalBatch): Promise<void> {
    if (batch.isStale()) return;
    const { output, topics, reports } = this.#ports;
    const transactions = await output.open(batch);
    const records = transactions.remaining(batch.records);
    const orders = new RecordValues(TABLES.erasureOrders);
    let count = 0;
    for (const record of records) {
      const order = this.#toOrder(record);
      if (order === undefined) reports.erasureUnreadable(batch.partition, record.offset);
      if (order === undefined) continue;
      orders.add(order);
      count += 1;
    }
    const last = records.at(-1);
    if (last === undefined) {
      batch.passed(batch.lastOffset);
      return;
    }
    const topic = TOPICS.anonymized;
    const partition = topics.partitionOf(topic, batch.partition);
    const made = count === 0 ? [] : [{ topic, partition, records: orders.toRecords() }];
    await transactions.commit(batch, last.offset, made);
    reports.erasuresHandedOn(count);
  }

  #toOrder({ value, headers }: ConsumedRecord): string | undefined {
    if (headers[HEADERS.version] !== RECORD_VERSION) return undefined;
    const read = ErasureLine.safeParse(parse(value));
    if (!read.success) return undefined;
    const { receipt, project, installation_id, requested_at } = read.data;
    const keys = this.#ports.keysOf(project);
    if (keys === undefined) return undefined;
    const pseudonyms = keys.epochs.map(({ key }) =>
      pseudonymize(key, DOMAINS.identifier, installation_id),
    );
    const order = {
      receipt,
      project,
      pseudonyms,
      requested_at: requested_at.replace('Z', '').replace('T', ' '),
    };
    return `${JSON.stringify(order)}\n`;
  }
}

function parse(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return undefined;
  }
}
