import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { createKafka } from './client.ts';

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('gives kafkajs a zstd codec that reads what it wrote', async () => {
  createKafka({ brokers: ['127.0.0.1:1'], clientId: 'spec' }, silent);
  const codecs = kafkajs.CompressionCodecs as Record<number, (() => Codec) | undefined>;
  const codec = codecs[kafkajs.CompressionTypes.ZSTD]?.();
  const bytes = Buffer.from('telemetry '.repeat(100));
  const compressed = await codec?.compress({ buffer: bytes });
  expect(compressed?.length).toBeLessThan(bytes.length / 5);
  expect(await codec?.decompress(compressed ?? bytes)).toEqual(bytes);
});
