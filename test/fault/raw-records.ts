import { randomUUID } from 'node:crypto';
import { TOPICS } from '@rollcall/contracts-transport';
import { createKafka } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';

interface RawLine {
  readonly event_id: string;
}

/** Ids of all events of the raw topic, in the order of each partition, repeats included. */
export async function rawEventIds(brokers: string): Promise<readonly string[]> {
  const settings = { brokers: brokers.split(','), clientId: 'rollcall-tests' };
  const kafka = createKafka(settings, silentLog);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(TOPICS.raw);
  await admin.disconnect();
  const open = new Map(
    ends
      .filter(({ high, low }) => high !== low)
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const ids: string[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPICS.raw, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (open.size === 0) resolve();
    const eachMessage = ({ partition, message }: Arrived): Promise<void> => {
      ids.push(...idsOf(message.value));
      if (BigInt(message.offset) + 1n >= (open.get(partition) ?? 0n)) open.delete(partition);
      if (open.size === 0) resolve();
      return Promise.resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return ids;
}

interface Arrived {
  readonly partition: number;
  readonly message: { readonly offset: string; readonly value: Buffer | null };
}

function idsOf(value: Buffer | null): string[] {
  return String(value ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as RawLine).event_id);
}
