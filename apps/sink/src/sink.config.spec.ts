import { expect, it } from 'vitest';
import { loadConfig } from '@rollcall/service-kit';
import { SinkConfigSchema } from './sink.config.ts';

it('runs with a password alone', () => {
  const config = loadConfig(SinkConfigSchema, { CLICKHOUSE_PASSWORD: 'x' });
  expect(config).toMatchObject({
    CLICKHOUSE_URL: 'http://127.0.0.1:8123',
    CLICKHOUSE_USER: 'sink',
    KAFKA_BROKERS: ['127.0.0.1:9092'],
    SINK_PORT: 9103,
  });
});

it('names every fault at once and no value', () => {
  const faulty = {
    CLICKHOUSE_URL: 'postgres://secret@host',
    SINK_BATCH_MAX_ROWS: '0',
    SINK_PORT: 'http',
  };
  expect(() => loadConfig(SinkConfigSchema, faulty)).toThrow(
    /CLICKHOUSE_URL.*CLICKHOUSE_PASSWORD.*SINK_PORT.*SINK_BATCH_MAX_ROWS/,
  );
  expect(() => loadConfig(SinkConfigSchema, faulty)).not.toThrow(/secret/);
});

it('does not show the password when it is printed', () => {
  const config = loadConfig(SinkConfigSchema, { CLICKHOUSE_PASSWORD: 'hunter2' });
  expect(JSON.stringify(config)).not.toContain('hunter2');
});
