import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clickhouseSettings, kafkaSettings, keyringFile, readCliConfig } from './cli.config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-config-'));
});
afterEach(async () => rm(directory, { recursive: true }));

it('reaches the embedded servers unless it is told of others', () => {
  const config = readCliConfig({});
  expect(kafkaSettings(config).brokers).toEqual(['127.0.0.1:9092']);
  expect(clickhouseSettings(config)).toMatchObject({ url: 'http://127.0.0.1:8123' });
});

it('follows a changed port of the embedded servers', () => {
  const config = readCliConfig({ KAFKA_PORT: '19092', CLICKHOUSE_HTTP_PORT: '18123' });
  expect(kafkaSettings(config).brokers).toEqual(['127.0.0.1:19092']);
  expect(clickhouseSettings(config).url).toBe('http://127.0.0.1:18123');
});

it('prefers your own servers', () => {
  const config = readCliConfig({
    KAFKA_PORT: '19092',
    KAFKA_BROKERS: 'a:1,b:2',
    CLICKHOUSE_URL: 'https://c.example',
    CLICKHOUSE_USER: 'me',
    CLICKHOUSE_PASSWORD: 'word',
  });
  expect(kafkaSettings(config).brokers).toEqual(['a:1', 'b:2']);
  expect(clickhouseSettings(config)).toEqual({
    url: 'https://c.example',
    username: 'me',
    password: 'word',
  });
});

it('takes the administrator of the embedded mode when no user is named', async () => {
  const credentials = { clickhouse: { admin: { user: 'admin', password: 'made-up' } } };
  await writeFile(join(directory, 'credentials.json'), JSON.stringify(credentials));
  const config = readCliConfig({ ROLLCALL_DATA_DIR: directory });
  expect(clickhouseSettings(config)).toMatchObject({ username: 'admin', password: 'made-up' });
});

it.each(['no JSON', '{}'])(
  'goes on without passwords when credentials.json holds %s',
  async (text) => {
    await writeFile(join(directory, 'credentials.json'), text);
    const config = readCliConfig({ ROLLCALL_DATA_DIR: directory });
    expect(clickhouseSettings(config)).toMatchObject({ username: 'default', password: '' });
  },
);

it('takes an empty variable for an unset one', () => {
  expect(keyringFile(readCliConfig({ ROLLCALL_KEYRING_FILE: '', ROLLCALL_DATA_DIR: '' }))).toBe(
    '.rollcall/keyring.json',
  );
});
