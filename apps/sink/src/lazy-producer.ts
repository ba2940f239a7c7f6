import { TOPICS } from '@rollcall/contracts-transport';
import { RecordProducer, awaitTopics, type KafkaSettings } from '@rollcall/kafka';
import type { Log } from '@rollcall/pipeline';
import type { SendRecord } from './dead-letters.ts';

/** A producer that connects with its first record: dead letters are rare, and an idle Kafka client costs CPU. */
export class LazyProducer {
  readonly #settings: KafkaSettings;
  readonly #log: Log;
  #producer: Promise<RecordProducer> | undefined;

  constructor(settings: KafkaSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
  }

  send: SendRecord = async (topic, record) => {
    this.#producer ??= this.#connect();
    this.#producer.catch(() => (this.#producer = undefined));
    await (await this.#producer).send(topic, undefined, [record]);
  };

  async close(): Promise<void> {
    await (await this.#producer?.catch(() => undefined))?.disconnect();
  }

  async #connect(): Promise<RecordProducer> {
    const partitionCounts = await awaitTopics(this.#settings, [TOPICS.rejected], this.#log);
    const producer = new RecordProducer({
      settings: this.#settings,
      log: this.#log,
      partitionCounts,
    });
    await producer.connect();
    return producer;
  }
}
