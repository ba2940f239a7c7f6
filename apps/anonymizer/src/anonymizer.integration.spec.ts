import { randomUUID } from 'node:crypto';
import { createClickHouse } from '@rollcall/clickhouse';
import type { MetricSampleRow } from '@rollcall/contracts-anonymized';
import { HEADERS, TOPICS, type Rejection } from '@rollcall/contracts-transport';
import type { RecordProducer } from '@rollcall/kafka';
import type { Service } from '@rollcall/service-kit';
import { testServers } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  OutputReader,
  connectProducer,
  makeDataDir,
  rawEvent,
  startAnonymizer,
  textOf,
} from './anonymizer.fixture.ts';

const PARTITION = 1;

let dataDir: Awaited<ReturnType<typeof makeDataDir>>;
let producer: RecordProducer;
let service: Service;
let reader: OutputReader;

beforeAll(async () => {
  dataDir = await makeDataDir();
  reader = new OutputReader();
  [producer] = await Promise.all([connectProducer(), reader.start()]);
  service = await startAnonymizer(dataDir.path);
});
afterAll(async () => {
  await Promise.all([service.app.close(), reader.stop(), producer.disconnect()]);
  dataDir.remove();
});

function produce(lines: readonly (object | string)[]): Promise<void> {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const headers = { [HEADERS.version]: '1', [HEADERS.count]: String(lines.length) };
  return producer.send(TOPICS.raw, PARTITION, [{ value: `${texts.join('\n')}\n`, headers }]);
}

const rowsAt = (receivedAt: number) => reader.eventsAt(receivedAt);

function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 30_000, interval: 50 });
}

const instant = Date.parse('2026-11-20T00:00:00Z');

describe('the anonymizer', () => {
  it('carries an event to the same partition, under a pseudonym, with its coordinates', async () => {
    const receivedAt = instant + 1;
    await produce([rawEvent({ received_at: receivedAt }), rawEvent({ received_at: receivedAt })]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(2));
    const [first, second] = rowsAt(receivedAt);
    expect(first).toMatchObject({
      project: 'kamaji',
      app_version: 'v1.0.0',
      properties: { kamaji_version: 'v1.0.0', tenant_control_plane: { running: 7 } },
      raw_partition: PARTITION,
      raw_index: 0,
    });
    expect(second).toMatchObject({ raw_offset: first?.raw_offset, raw_index: 1 });
    expect(first?.installation).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.installation).not.toBe(first?.installation);
    const own = reader.records.filter(({ value }) => value.includes(first?.event_id ?? 'none'));
    expect(own.map(({ partition }) => partition)).toEqual([PARTITION]);
  });

  it('gives a retry the same event id and the same installation', async () => {
    const receivedAt = instant + 2;
    const event = rawEvent({ received_at: receivedAt });
    await produce([event]);
    await produce([event]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(2));
    const [first, second] = rowsAt(receivedAt);
    expect(second?.event_id).toBe(first?.event_id);
    expect(second?.installation).toBe(first?.installation);
  });

  it('leaves identifiers in no record it writes, and a rejection for each kind of refusal', async () => {
    const receivedAt = instant + 3;
    const secret = `jane-${randomUUID()}@example.org`;
    const hidden = { received_at: receivedAt, installation_id: secret };
    await produce([
      rawEvent({ ...hidden, properties: { kamaji_version: secret, [secret]: secret } }),
      rawEvent({ ...hidden, event: secret }),
      rawEvent({ ...hidden, project: secret }),
      `${secret} is no JSON`,
    ]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(1));
    const offset = rowsAt(receivedAt)[0]?.raw_offset;
    const codes = () =>
      reader
        .rowsOf<Rejection>(TOPICS.rejected, 'rejections')
        // other files' services write to this topic too
        .filter(({ stage }) => stage === 'anonymizer')
        .filter((row) => row.partition === PARTITION && row.offset === offset)
        .map((row) => `${row.project} ${row.code} ${row.index}`);
    await soon(() =>
      expect(codes().toSorted()).toEqual([
        ' AN_EVENT_UNREADABLE 3',
        ' AN_PROJECT_UNKNOWN 2',
        'kamaji AN_EVENT_UNKNOWN 1',
        'kamaji AN_FIELD_UNDECLARED -1',
        'kamaji AN_FIELD_VALUE -1',
      ]),
    );
    expect(reader.records.some(({ value }) => value.includes(secret))).toBe(false);
  });

  it('writes rows that ClickHouse takes as they are, into every table', async () => {
    const receivedAt = instant + 4;
    await produce([
      rawEvent({
        project: 'cozystack',
        dialect: 'cozystack',
        event: 'metrics',
        received_at: receivedAt,
        occurred_at: Number.MIN_SAFE_INTEGER,
        properties: { undeclared: 1 },
        samples: [
          { name: 'cozy_application_count', labels: { kind: 'Postgres' }, value: 2 },
          { name: 'cozy_nodes_count', labels: { os: 'linux (Talos (v1.10.5))' }, value: 3 },
        ],
      }),
      rawEvent({ received_at: receivedAt, properties: {} }),
    ]);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(2));
    const pushed = rowsAt(receivedAt)[0]?.event_id;
    const samples = () => reader.rowsOf<MetricSampleRow>(TOPICS.anonymized, 'metric_samples');
    await soon(() =>
      expect(samples().filter((row) => row.event_id === pushed)).toMatchObject([
        { sample_index: 0, labels: { kind: 'Postgres' }, value: 2 },
        { sample_index: 1, labels: { os: 'linux (Talos (v1.10.5))' }, value: 3 },
      ]),
    );
    const { url, sink } = testServers().clickhouse;
    const store = createClickHouse({ url, username: sink.user, password: sink.password });
    const offset = `"offset":"${rowsAt(receivedAt)[0]?.raw_offset}"`;
    const own = () =>
      reader.records.filter(
        ({ value }) => value.includes(textOf(receivedAt)) || value.includes(offset),
      );
    await soon(() => expect(own().map(({ table }) => table)).toContain('rejections'));
    const outcomes = await Promise.all(
      own().map(({ table, value }) => store.insertLines(table, [value], { token: randomUUID() })),
    );
    await store.close();
    expect(new Set(own().map(({ table }) => table)).size).toBe(3);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['ok']));
  });

  it('is ready, and counts what it did', async () => {
    const url = await service.app.getUrl();
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/anonymizer_events_anonymized_total\{project="kamaji"\} \d+/);
    expect(metrics).toContain('anonymizer_keyring_usable 1');
  });

  it('goes on where it stopped', async () => {
    const receivedAt = instant + 5;
    await service.app.close();
    await produce([rawEvent({ received_at: receivedAt })]);
    service = await startAnonymizer(dataDir.path);
    await soon(() => expect(rowsAt(receivedAt)).toHaveLength(1));
  });
});
