import { CatalogueFileSchema } from '@rollcall/contracts-catalogue';
import { HEADERS, RollcallError, TOPICS, type Rejection } from '@rollcall/contracts-transport';
import type {
  ConsumedRecord,
  ProducedRecord,
  TopicRecords,
  TransactionalBatch,
} from '@rollcall/kafka';
import { compilePolicy, createAnonymizer, createProjectKeys } from '@rollcall/privacy';
import { describe, expect, it } from 'vitest';
import { AnonymizerPipeline, type Transactions } from './anonymizer.pipeline.ts';
import { RowTopics } from './output/row-topics.ts';
import type { Window } from './output/window.ts';

const acme = CatalogueFileSchema.parse({
  project: 'acme',
  title: 'Acme',
  homepage: 'https://acme.example',
  contact: 'x',
  access: 'x',
  why: 'x',
  write_keys: 'public',
  dialects: ['native'],
  installation: { source: 'x', purpose: 'x', rotation: 'never' },
  retention_days: 30,
  opt_out: [{ title: 'x', instruction: 'x' }],
  erasure: { contact: 'x', instruction: 'x' },
  events: {
    used: { purpose: 'x', fields: { nodes: { type: 'integer', treatment: 'keep', purpose: 'x' } } },
  },
  metrics: {
    acme_nodes: { purpose: 'x', value: { type: 'integer', treatment: 'keep', purpose: 'x' } },
  },
});
const keys = createProjectKeys({
  eventIdKey: Buffer.alloc(32, 'a1'),
  epochs: [{ epoch: 1, startsAt: 0, key: Buffer.alloc(32, 'b2') }],
});

const RECEIVED_AT = Date.parse('2026-11-21T10:00:00Z');
const used = (changes: object = {}): object => ({
  project: 'acme',
  dialect: 'native',
  event: 'used',
  event_id: 'retry-me-4711',
  installation_id: 'janes-laptop',
  occurred_at: null,
  received_at: RECEIVED_AT,
  properties: { nodes: 3 },
  ...changes,
});

function record(
  offset: number,
  value: string | Buffer,
  headers: Record<string, string> = { v: '1' },
): ConsumedRecord {
  return {
    offset: String(offset),
    value: Buffer.from(value),
    headers,
    timestamp: String(RECEIVED_AT + 1_999),
  };
}
const recordOf = (offset: number, ...events: object[]): ConsumedRecord =>
  record(offset, events.map((event) => `${JSON.stringify(event)}\n`).join(''));

/** Kafka on both sides: what was produced and committed, in the order in which it happened. */
class FakeKafka {
  readonly log: string[] = [];
  readonly sent: { topic: string; partition: number; record: ProducedRecord }[] = [];
  failure: Error | undefined;
  isStale = false;
  /** Where the group stands when a partition is opened. */
  position = 0;

  async open(): Promise<Transactions> {
    await Promise.resolve();
    const from = this.position;
    return {
      remaining: (records) => records.filter(({ offset }) => Number(offset) >= from),
      commit: (_batch, lastOffset, outputs) => this.#commit(lastOffset, outputs),
    };
  }

  async #commit(lastOffset: string, outputs: readonly TopicRecords[]): Promise<void> {
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    for (const { topic, partition, records } of outputs)
      for (const record of records) this.sent.push({ topic, partition, record });
    this.log.push(...outputs.map(({ topic }) => `produced ${topic}`), `committed ${lastOffset}`);
  }

  batch(partition: number, ...records: ConsumedRecord[]): TransactionalBatch {
    return {
      topic: TOPICS.raw,
      partition,
      records,
      lastOffset: records.at(-1)?.offset ?? '0',
      generation: 1,
      commit: async () => Promise.reject(new Error('outside a transaction')),
      position: async () => Promise.reject(new Error('that is for the transactions to ask')),
      passed: (lastOffset) => void this.log.push(`passed ${lastOffset}`),
      heartbeat: async () => undefined,
      isStale: () => this.isStale,
    };
  }

  lines(topic: string, table: string): Record<string, unknown>[] {
    return this.sent
      .filter((sent) => sent.topic === topic && sent.record.headers[HEADERS.table] === table)
      .flatMap(({ record: { value } }) => value.toString().trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  get rejections(): Rejection[] {
    return this.lines(TOPICS.rejected, 'rejections') as unknown as Rejection[];
  }
}

function start(maxWindowBytes = 1e9, fault: (event: unknown) => void = () => undefined) {
  const anonymize = createAnonymizer({
    policies: new Map([['acme', compilePolicy(acme)]]),
    keysOf: () => keys,
  });
  const kafka = new FakeKafka();
  const topics = new RowTopics();
  topics.found(new Map<string, number>([[TOPICS.anonymized, 4]]));
  const windows: Window[] = [];
  const pipeline = new AnonymizerPipeline({
    anonymize: (request) => {
      fault(request.value);
      return anonymize(request);
    },
    topics,
    output: kafka,
    reports: { windowCommitted: (window) => windows.push(window) },
    isProject: (name) => name === 'acme',
    maxWindowBytes,
  });
  return { kafka, pipeline, windows };
}

describe('a batch of raw records', () => {
  it('becomes one record of rows at the same partition, in one transaction with the commit', async () => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(2, recordOf(10, used(), used()), recordOf(12, used())));
    expect(kafka.log).toEqual([`produced ${TOPICS.anonymized}`, 'committed 12']);
    expect(kafka.sent).toHaveLength(1);
    expect(kafka.sent[0]).toMatchObject({
      partition: 2,
      record: { headers: { v: '1', t: 'events', n: '3' } },
    });
  });

  it('gives every row the coordinates of its event', async () => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(2, recordOf(10, used(), used()), recordOf(12, used())));
    const coordinates = kafka
      .lines(TOPICS.anonymized, 'events')
      .map((row) => [row['raw_partition'], row['raw_offset'], row['raw_index']]);
    expect(coordinates).toEqual([
      [2, '10', 0],
      [2, '10', 1],
      [2, '12', 0],
    ]);
  });

  it('of a partition that the anonymized topic lacks goes to one that it has', async () => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(7, recordOf(0, used())));
    expect(kafka.sent[0]?.partition).toBe(3);
  });

  it('with samples becomes a record per table', async () => {
    const { kafka, pipeline } = start();
    const samples = [{ name: 'acme_nodes', labels: {}, value: 3 }];
    await pipeline.run(kafka.batch(0, recordOf(0, used({ samples }), used())));
    expect(kafka.sent.map((sent) => sent.record.headers)).toEqual([
      { v: '1', t: 'events', n: '2' },
      { v: '1', t: 'metric_samples', n: '1' },
    ]);
  });

  it('that is large is produced and committed in windows', async () => {
    const { kafka, pipeline } = start(1);
    await pipeline.run(kafka.batch(0, recordOf(5, used()), recordOf(6, used())));
    expect(kafka.log).toEqual([
      `produced ${TOPICS.anonymized}`,
      'committed 5',
      `produced ${TOPICS.anonymized}`,
      'committed 6',
    ]);
  });

  it('is cut into records below a broker’s usual limit', async () => {
    const { kafka, pipeline } = start();
    const events = Array.from({ length: 4_000 }, () => used());
    await pipeline.run(kafka.batch(0, recordOf(0, ...events)));
    const sizes = kafka.sent.map(({ record: { value } }) => value.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
    expect(kafka.lines(TOPICS.anonymized, 'events')).toHaveLength(4_000);
  });

  it('of nothing but probes is committed and produces nothing', async () => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(0, record(3, ''), record(4, '', {})));
    expect(kafka.log).toEqual(['committed 4']);
  });
});

describe('when something fails', () => {
  it('commits and counts nothing that Kafka did not acknowledge', async () => {
    const { kafka, pipeline, windows } = start();
    kafka.failure = new RollcallError('KFK_PRODUCE_FAILED');
    await expect(pipeline.run(kafka.batch(0, recordOf(0, used())))).rejects.toThrow(kafka.failure);
    expect(kafka.log).toEqual([]);
    expect(windows).toEqual([]);
  });

  it('produces nothing for a partition that has moved', async () => {
    const { kafka, pipeline } = start();
    kafka.isStale = true;
    await pipeline.run(kafka.batch(0, recordOf(0, used())));
    expect(kafka.log).toEqual([]);
  });

  it('leaves out what the last owner of the partition has committed', async () => {
    const { kafka, pipeline, windows } = start();
    kafka.position = 11;
    await pipeline.run(kafka.batch(2, recordOf(10, used()), recordOf(11, used())));
    expect(kafka.lines(TOPICS.anonymized, 'events').map((row) => row['raw_offset'])).toEqual([
      '11',
    ]);
    kafka.position = 20;
    await pipeline.run(kafka.batch(2, recordOf(12, used()), recordOf(13, used())));
    expect(kafka.log.at(-1)).toBe('passed 13');
    expect(windows).toHaveLength(1);
  });

  it('gives equal rows and rejections for a batch that is read again', async () => {
    const { kafka, pipeline } = start();
    const batch = kafka.batch(
      0,
      recordOf(0, used({ properties: { x: 1 } }), used({ event: 'spied' })),
    );
    await pipeline.run(batch);
    const first = kafka.sent.splice(0);
    await pipeline.run(batch);
    expect(kafka.sent).toEqual(first);
  });
});

describe('what cannot be kept', () => {
  const rejection = {
    project: 'acme',
    stage: 'anonymizer',
    topic: TOPICS.raw,
    partition: 2,
    offset: '9',
    at: '2026-11-21 10:00:01',
  };

  it('costs no neighbour and leaves its coordinates and code', async () => {
    const { kafka, pipeline } = start();
    await pipeline.run(
      kafka.batch(
        2,
        recordOf(9, used(), used({ event: 'spied' }), used({ installation_id: 'x'.repeat(600) })),
      ),
    );
    expect(kafka.lines(TOPICS.anonymized, 'events')).toHaveLength(1);
    expect(kafka.rejections).toEqual([
      { ...rejection, code: 'AN_EVENT_UNKNOWN', index: 1, count: 1 },
      { ...rejection, code: 'AN_ID_INVALID', index: 2, count: 1 },
    ]);
    expect(kafka.log.at(-1)).toBe('committed 9');
  });

  it('is summed by project and code', async () => {
    const { kafka, pipeline } = start();
    const events = [
      used({ properties: { a: 1, b: 2 } }),
      used({ event: 'spied' }),
      used({ event: 'spied' }),
    ];
    await pipeline.run(kafka.batch(2, recordOf(9, ...events)));
    expect(kafka.rejections).toEqual([
      { ...rejection, code: 'AN_FIELD_UNDECLARED', index: -1, count: 2 },
      { ...rejection, code: 'AN_EVENT_UNKNOWN', index: -1, count: 2 },
    ]);
  });

  it.each([
    ['a line that is no JSON', '{"project":"acme"'],
    ['a line that is no object', '17'],
    ['a line without the fields of an event', '{"project":"x"}'],
  ])('%s is unreadable, by its place', async (_name, line) => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(2, record(9, `${JSON.stringify(used())}\n${line}\n`)));
    expect(kafka.rejections).toEqual([
      { ...rejection, project: '', code: 'AN_EVENT_UNREADABLE', index: 1, count: 1 },
    ]);
    expect(kafka.lines(TOPICS.anonymized, 'events')).toHaveLength(1);
  });

  it.each([
    ['of another version', record(9, `${JSON.stringify(used())}\n`, { v: '2' })],
    ['without a version', record(9, `${JSON.stringify(used())}\n`, {})],
    ['that is not UTF-8', record(9, Buffer.from([0x7b, 0xff, 0xfe]))],
  ])('a record %s is unreadable as a whole', async (_name, unreadable) => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(2, unreadable));
    expect(kafka.rejections).toEqual([
      { ...rejection, project: '', code: 'AN_RECORD_UNREADABLE', index: -1, count: 1 },
    ]);
    expect(kafka.log.at(-1)).toBe('committed 9');
  });

  it('of a project that the catalogue has not is told without the project’s name', async () => {
    const { kafka, pipeline } = start();
    await pipeline.run(kafka.batch(2, recordOf(9, used({ project: 'jane@example.org' }))));
    expect(kafka.rejections).toEqual([
      { ...rejection, project: '', code: 'AN_PROJECT_UNKNOWN', index: 0, count: 1 },
    ]);
  });

  it('that our own program fails on is refused by its place, and its neighbours go on', async () => {
    const { kafka, pipeline } = start(1e9, (event) => {
      if ((event as { event: string }).event === 'poison') throw new TypeError('not a function');
    });
    const events = [used(), used({ event: 'poison' }), used()];
    await pipeline.run(kafka.batch(2, recordOf(9, ...events)));
    expect(kafka.rejections).toEqual([
      { ...rejection, code: 'AN_EVENT_FAILED', index: 1, count: 1 },
    ]);
    expect(kafka.lines(TOPICS.anonymized, 'events')).toHaveLength(2);
    expect(kafka.log.at(-1)).toBe('committed 9');
  });

  it('is kept for later when the keys are missing, since that is not about the event', async () => {
    const { kafka, pipeline } = start(1e9, () => {
      throw new RollcallError('AN_KEYRING_MISSING', 'gone');
    });
    await expect(pipeline.run(kafka.batch(2, recordOf(9, used())))).rejects.toThrow('gone');
    expect(kafka.log).toEqual([]);
  });

  it('leaves nothing of its content in any record', async () => {
    const { kafka, pipeline } = start();
    const secret = 'jane@example.org';
    await pipeline.run(
      kafka.batch(
        0,
        recordOf(
          0,
          used({ properties: { [secret]: secret }, installation_id: secret, event_id: secret }),
        ),
        recordOf(1, used({ event: secret }), used({ project: secret }), { secret }),
        record(2, `${secret}\n`),
        record(3, secret, { v: secret }),
      ),
    );
    expect(kafka.sent).toHaveLength(2);
    expect(JSON.stringify(kafka.sent)).not.toContain(secret);
  });
});
