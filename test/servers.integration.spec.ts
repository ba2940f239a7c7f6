import { expect, test } from 'vitest';
import { createClickHouse } from '@rollcall/clickhouse';
import { TOPICS } from '@rollcall/contracts-transport';
import { awaitTopics } from '@rollcall/kafka';
import { createRecordingLog, testServers } from '@rollcall/testing';

test('the shared broker has every topic of Rollcall', async () => {
  const settings = { brokers: testServers().brokers, clientId: 'rollcall-tests' };
  const counts = await awaitTopics(settings, Object.values(TOPICS), createRecordingLog());
  expect([...counts.keys()].sort()).toEqual(Object.values(TOPICS).sort());
});

test('the analyst of the shared ClickHouse reads the tables', async () => {
  const { url, analyst } = testServers().clickhouse;
  const client = createClickHouse({ url, username: analyst.user, password: analyst.password });
  expect(await client.rows('SELECT count() >= 0 AS readable FROM rollcall.events')).toEqual([
    { readable: 1 },
  ]);
  await client.close();
});
