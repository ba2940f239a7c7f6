import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import { TOPICS, topicSpecs, type TopicName } from '@rollcall/contracts-transport';
import { RecordProducer } from '@rollcall/kafka';
import { createLog, createRegistry, type Service } from '@rollcall/service-kit';
import { silentLog, testServers, uniqueName } from '@rollcall/testing';
import { createSinkService } from './sink.app.ts';
import { SinkConfigSchema } from './sink.config.ts';
import { buildSink } from './sink.module.ts';

const project = uniqueName('sink');
const running: Service[] = [];
let admin: ClickHouse;
let producer: RecordProducer;

beforeAll(async () => {
  const { brokers, clickhouse } = testServers();
  const { user, password } = clickhouse.admin;
  admin = createClickHouse({ url: clickhouse.url, username: user, password });
  const partitionCounts = new Map(
    topicSpecs(3).map((spec) => [spec.topic as string, spec.partitionCount]),
  );
  const settings = { brokers, clientId: 'sink-spec' };
  producer = new RecordProducer({ settings, log: silentLog, partitionCounts });
  await producer.connect();
});
afterEach(() => Promise.all(running.splice(0).map(({ app }) => app.close())));
afterAll(async () => {
  await Promise.all([producer.disconnect(), admin.close()]);
});

/** The sink as `main.ts` builds it, on a free port. */
async function startSink(settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const { brokers, clickhouse } = testServers();
  const config = SinkConfigSchema.parse({
    LOG_LEVEL: 'silent',
    KAFKA_BROKERS: brokers.join(','),
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_USER: clickhouse.sink.user,
    CLICKHOUSE_PASSWORD: clickhouse.sink.password,
    SINK_PORT: '0',
    SINK_BATCH_MAX_AGE_MS: '50',
    ...settings,
  });
  const log = createLog('sink', config.LOG_LEVEL);
  const service = await createSinkService(config, buildSink(config, createRegistry(), log), log);
  running.push(service);
  await service.start();
  return service.app.getUrl();
}

function event(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    project,
    dialect: 'native',
    event: name,
    event_id: randomUUID(),
    installation: '0'.repeat(32),
    occurred_at: '2026-11-21 01:02:03.004',
    received_at: '2026-11-21 01:02:03.004',
    expires_at: '2036-11-21 01:02:03',
    properties: { nodes: { ready: 3 } },
    ...fields,
  });
}

async function produce(
  lines: readonly string[],
  table = 'events',
  topic: TopicName = TOPICS.anonymized,
): Promise<void> {
  const headers = { v: '1', n: String(lines.length), t: table };
  const value = lines.map((line) => `${line}\n`).join('');
  await producer.send(topic, topic === TOPICS.rejected ? 0 : 1, [{ value, headers }]);
}

async function countOf(name: string): Promise<number> {
  const [row] = await admin.rows<{ n: number }>(
    'SELECT count() AS n FROM rollcall.events FINAL WHERE project = {project:String} AND event = {name:String}',
    { project, name },
  );
  return row?.n ?? 0;
}

function soon(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 30_000, interval: 100 });
}

describe('the sink', () => {
  it('carries rows of every table from both topics, and is ready meanwhile', async () => {
    const url = await startSink();
    await produce([event('carried'), event('carried')]);
    await produce(
      [
        JSON.stringify({
          project,
          event_id: randomUUID(),
          sample_index: 0,
          name: 'nodes_total',
          labels: { role: 'worker' },
          value: 3,
          received_at: '2026-11-21 01:02:03.004',
          expires_at: '2036-11-21 01:02:03',
        }),
      ],
      'metric_samples',
    );
    const rejection = {
      project,
      stage: 'gateway',
      code: 'GW_BODY_EMPTY',
      at: '2036-11-21 01:02:03',
    };
    await produce([JSON.stringify(rejection)], 'rejections', TOPICS.rejected);
    await soon(async () => {
      expect(await countOf('carried')).toBe(2);
      for (const table of ['metric_samples', 'rejections'])
        expect(
          await admin.rows(
            `SELECT count() AS n FROM rollcall.${table} WHERE project = {project:String}`,
            {
              project,
            },
          ),
        ).toEqual([{ n: 1 }]);
    });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    // rows are seen before their insert is answered, and counted after; what other files left in the topic counts too
    await soon(async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const [, inserted] = /^sink_rows_inserted_total\{table="events"\} (\d+)$/m.exec(text) ?? [];
      expect(Number(inserted)).toBeGreaterThanOrEqual(2);
    });
  });

  it('stores the good rows of a record with a bad one, and the bad one’s coordinates', async () => {
    await startSink();
    const good = Array.from({ length: 99 }, () => event('bisected'));
    await produce([...good.slice(0, 40), '{"project":1,"broken":1}', ...good.slice(40)]);
    await soon(async () => {
      expect(await countOf('bisected')).toBe(99);
      expect(
        await admin.rows(
          `SELECT topic, "partition", "index", count FROM rollcall.rejections FINAL
           WHERE stage = 'sink' AND code = 'SK_ROW_REFUSED' AND "index" = 40`,
        ),
      ).toEqual([{ topic: TOPICS.anonymized, partition: 1, index: 40, count: 1 }]);
    });
  });

  it('keeps the sum of a push that no insert held whole', async () => {
    await startSink({ SINK_BATCH_MAX_ROWS: '1' });
    const event_id = randomUUID();
    const sample = (sample_index: number): string =>
      JSON.stringify({
        ...{ project: `${project}-parts`, event_id, sample_index, installation: 'a' },
        ...{ name: 'nodes', labels: { os: 'other' }, value: 2, pushed: 8 },
        occurred_at: '2026-11-21 01:02:03.004',
        received_at: '2026-11-21 01:02:03.004',
        expires_at: '2036-11-21 01:02:03',
      });
    // two records, and the insert of the first is halved until the bad line stands alone
    await produce([sample(0), '{"project":1,"broken":1}', sample(1)], 'metric_samples');
    await produce([sample(2), sample(3)], 'metric_samples');
    await soon(async () => {
      expect(
        await admin.rows(
          `SELECT (SELECT count() FROM rollcall.metric_samples WHERE project = {project:String}) AS samples,
             max(d.highest) AS highest FROM rollcall.metric_days AS d WHERE project = {project:String}`,
          { project: `${project}-parts` },
        ),
      ).toEqual([{ samples: 4, highest: 8 }]);
    });
  });

  it('does not stop for a record of no table', async () => {
    await startSink();
    await produce(['{}', '{}'], 'nowhere');
    await produce([event('after')]);
    await soon(async () => {
      expect(await countOf('after')).toBe(1);
      expect(
        await admin.rows(
          "SELECT count FROM rollcall.rejections FINAL WHERE stage = 'sink' AND code = 'SK_RECORD_UNREADABLE'",
        ),
      ).toEqual([{ count: 2 }]);
    });
  });

  it('goes on where it stopped', async () => {
    await startSink();
    await produce([event('first')]);
    await soon(async () => expect(await countOf('first')).toBe(1));
    await Promise.all(running.splice(0).map(({ app }) => app.close()));
    await produce([event('second')]);
    const url = await startSink();
    await soon(async () => expect(await countOf('second')).toBe(1));
    // a row is seen before its insert is answered, and counted after
    const counted = async () =>
      (await (await fetch(`${url}/metrics`)).text()).match(/^sink_rows_inserted_total.*$/gm);
    await soon(async () => expect(await counted()).not.toBeNull());
    expect(await counted()).toEqual(['sink_rows_inserted_total{table="events"} 1']);
  });

  it('shares the partitions with a second one and leaves without a gap', async () => {
    await startSink();
    await startSink();
    for (let i = 0; i < 20; i += 1) await produce([event('shared')]);
    const [first] = running.splice(0, 1);
    await first?.app.close();
    for (let i = 0; i < 20; i += 1) await produce([event('shared')]);
    await soon(async () => expect(await countOf('shared')).toBe(40));
  });

  it('waits with what it has while the password is wrong, says why, and stops when told', async () => {
    // does not end by itself, since there is nothing to consume with
    const starting = startSink({ CLICKHOUSE_PASSWORD: 'wrong' });
    const url = await vi.waitFor(() => {
      const server = running[0]?.app.getHttpServer() as Server | undefined;
      const { port } = server?.address() as AddressInfo;
      return `http://127.0.0.1:${port}`;
    });
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('CH_DENIED');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await Promise.all(running.splice(0).map(({ app }) => app.close()));
    await starting;
  });
});
