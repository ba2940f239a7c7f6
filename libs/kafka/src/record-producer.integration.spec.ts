import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { RecordProducer } from './record-producer.ts';

let refusing: Server | undefined;
afterEach(() => refusing?.close());

/** A port on which every connection is reset, as by a network that refuses. */
async function refusedBroker(): Promise<{
  readonly broker: string;
  readonly attempts: () => number;
}> {
  let attempts = 0;
  refusing = createServer((socket: Socket) => {
    attempts += 1;
    socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => refusing?.listen(0, '127.0.0.1', resolve));
  const { port } = refusing.address() as AddressInfo;
  return { broker: `127.0.0.1:${port}`, attempts: () => attempts };
}

function producerOf(brokers: readonly string[]): RecordProducer {
  const settings = { brokers: [...brokers], clientId: uniqueName('producer') };
  return new RecordProducer({
    settings,
    log: silentLog,
    partitionCounts: new Map(),
    retryCount: 1,
  });
}

it('goes on trying while it is refused, and does not fail', async () => {
  const { broker, attempts } = await refusedBroker();
  let end = 'none';
  producerOf([broker])
    .connect()
    .then(
      () => (end = 'connected'),
      () => (end = 'failed'),
    );
  await sleep(1_500);
  expect(end).toBe('none');
  // more than the attempts of one connect
  expect(attempts()).toBeGreaterThan(2);
});

it('connects at once to a broker that is there', async () => {
  const producer = producerOf(testServers().brokers);
  await producer.connect();
  await producer.disconnect();
});
