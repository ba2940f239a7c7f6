import { randomUUID } from 'node:crypto';
import { TOPICS } from '@rollcall/contracts-transport';
import { createKafka } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';

/** Ids of all events of the raw topic, in the order of each partition, repeats included. */
export async function rawEventIds(brokers: string): Promise<readonly string[]> {
  const lines = await committedLines<{ event_id: string }>(brokers, TOPICS.raw);
  return lines.map(({ event_id }) => event_id);
}

/** All lines of a topic as a reader of committed records sees them, in the order of each partition, repeats included. */
export async function committedLines<Line>(brokers: string, topic: string): Promise<Line[]> {
  const settings = { brokers: brokers.split(','), clientId: 'rollcall-tests' };
  const kafka = createKafka(settings, silentLog);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const open = new Map(
    ends
      .filter(({ high, low }) => high !== low)
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const lines: Line[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (open.size === 0) resolve();
    // a transaction ends with a marker, which is no record: the end of a batch is the end that counts
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      if (BigInt(lastOffset) + 1n >= (open.get(partition) ?? 0n)) open.delete(partition);
      if (open.size === 0) resolve();
    });
    const eachMessage = async ({ message }: Arrived): Promise<void> =>
      void lines.push(...linesOf<Line>(message.value));
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return lines;
}

interface Arrived {
  readonly message: { readonly value: Buffer | null };
}

function linesOf<Line>(value: Buffer | null): Line[] {
  return String(value ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
