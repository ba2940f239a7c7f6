import { randomUUID } from 'node:crypto';
import {
  HEADERS,
  RECORD_VERSION,
  TABLES,
  TOPICS,
  type HttpCode,
  type Rejection,
} from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';
import type { Clock } from '@rollcall/pipeline';

/** Resolves when Kafka has acknowledged the record. */
export type SendRejections = (topic: string, record: ProducedRecord) => Promise<void>;

const FLUSH_MS = 1_000;
const SEPARATOR = '\n';

/**
 * What the gateway refused, by project and code, written to the rejected topic once a second as sums. Without content
 * and without coordinates: a refused event was never stored.
 *
 * Guarantee: bounded by projects × codes, whatever clients send. Sums that could not be written are kept and added to
 * the next; those of the last second are lost when the process is killed (the metrics count them too).
 */
export class RejectedTopic {
  readonly #send: SendRejections;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #sums = new Map<string, number>();

  constructor(send: SendRejections, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.#timer.unref();
  }

  count(project: string, code: HttpCode, count: number): void {
    const key = project + SEPARATOR + code;
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + count);
  }

  async flush(): Promise<void> {
    if (this.#sums.size === 0) return;
    const sums = this.#sums;
    this.#sums = new Map();
    try {
      await this.#send(TOPICS.rejected, this.#toRecord(sums));
    } catch {
      for (const [key, sum] of sums) this.#sums.set(key, (this.#sums.get(key) ?? 0) + sum);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  #toRecord(sums: ReadonlyMap<string, number>): ProducedRecord {
    const at = new Date(this.#clock()).toISOString().slice(0, 19).replace('T', ' ');
    const lines = [...sums].map(([key, count]) => {
      const [project = '', code] = key.split(SEPARATOR);
      const rejection: Rejection = {
        project,
        stage: 'gateway',
        code: code as HttpCode,
        topic: '',
        partition: -1,
        offset: '-1',
        index: -1,
        count,
        at,
        rejection_id: randomUUID(),
      };
      return `${JSON.stringify(rejection)}\n`;
    });
    return {
      value: lines.join(''),
      headers: {
        [HEADERS.version]: RECORD_VERSION,
        [HEADERS.count]: String(lines.length),
        [HEADERS.table]: TABLES.rejections,
      },
    };
  }
}
