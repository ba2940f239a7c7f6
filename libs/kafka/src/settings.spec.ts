import { expect, test } from 'vitest';
import { z } from 'zod';
import { kafkaEnvShape, toKafkaSettings } from './settings.ts';

const schema = z.object(kafkaEnvShape);

test('reads brokers as a list and uses neither TLS nor SASL unless told to', () => {
  const settings = toKafkaSettings(schema.parse({ KAFKA_BROKERS: 'a:9092, b:9093' }), 'gateway');
  expect(settings).toEqual({
    brokers: ['a:9092', 'b:9093'],
    clientId: 'gateway',
    ssl: false,
    sasl: undefined,
  });
});

test('refuses a broker without a port', () => {
  expect(schema.safeParse({ KAFKA_BROKERS: 'a' }).success).toBe(false);
});

test('takes TLS and SASL from the environment', () => {
  const env = schema.parse({
    KAFKA_SSL: 'true',
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'u',
    KAFKA_SASL_PASSWORD: 'p',
  });
  expect(toKafkaSettings(env, 'sink')).toMatchObject({
    ssl: {},
    sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
  });
});
