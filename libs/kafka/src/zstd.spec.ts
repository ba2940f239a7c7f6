import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { createKafka } from './client.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('gives kafkajs a zstd codec that reads what it wrote', async () => {
  createKafka({ brokers: ['127.0.0.1:1'], clientId: 'spec' }, silent);
  const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD]?.();
  const bytes = Buffer.from('telemetry '.repeat(100));
  const compressed = await codec?.compress({ buffer: bytes });
  expect(compressed?.length).toBeLessThan(bytes.length / 5);
  expect(await codec?.decompress(compressed)).toEqual(bytes);
});
