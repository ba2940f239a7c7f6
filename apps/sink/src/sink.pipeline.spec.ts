import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { TOPICS } from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';
import { createRecordingLog } from '@rollcall/testing';
import { DeadLetters } from './dead-letters.ts';
import { PatientInsert } from './insert/patient-insert.ts';
import {
  AWAY,
  FakeGroup,
  FakeStore,
  IMPATIENT,
  batchOf,
  record,
  telemetry,
} from './sink.fixture.ts';
import { SinkPipeline } from './sink.pipeline.ts';

let store: FakeStore;
let sent: ProducedRecord[];
let registry: Registry;
let log: ReturnType<typeof createRecordingLog>;
let send: (topic: string, record: ProducedRecord) => Promise<void>;

beforeEach(() => {
  store = new FakeStore();
  sent = [];
  registry = new Registry();
  log = createRecordingLog();
  send = (_, produced) => {
    sent.push(produced);
    return Promise.resolve();
  };
});

function pipeline(maxRows = 1_000): SinkPipeline {
  // a process of its own
  registry = new Registry();
  const said = telemetry(log, registry);
  return new SinkPipeline({
    inserts: new PatientInsert(store.insert, said, IMPATIENT),
    deadLetters: new DeadLetters((topic, produced) => send(topic, produced)),
    telemetry: said,
    limits: { maxRows, maxBytes: 1_000_000 },
    clock: Date.now,
  });
}

async function metric(name: string): Promise<unknown> {
  const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
  return values.map(({ labels, value }) => ({ ...labels, value }));
}

describe('the pipeline', () => {
  it('commits each window after its rows are stored', async () => {
    const batch = batchOf([record(1, ['a', 'b']), record(2, ['c']), record(3, ['d'])]);
    const storedAtCommit: number[] = [];
    const commit = batch.commit.bind(batch);
    batch.commit = (lastOffset, metadata) => {
      storedAtCommit.push(store.rows.length);
      return commit(lastOffset, metadata);
    };
    await pipeline(2).run(batch);
    expect(batch.committed).toEqual(['1', '3']);
    expect(storedAtCommit).toEqual([2, 4]);
  });

  it('commits records that carry nothing without an insert', async () => {
    const batch = batchOf([record(4, []), record(5, [])]);
    await pipeline().run(batch);
    expect(batch.committed).toEqual(['5']);
    expect(store.inserts).toEqual([]);
  });

  it('waits while ClickHouse is away, and loses nothing', async () => {
    store.outage.push(AWAY, AWAY);
    const batch = batchOf([record(1, ['a'])]);
    await pipeline().run(batch);
    expect(store.rows).toEqual(['a']);
    expect(batch.committed).toEqual(['1']);
  });

  it('commits nothing more when the partition is lost', async () => {
    const batch = batchOf([record(1, ['a']), record(2, ['b'])]);
    const commit = batch.commit.bind(batch);
    batch.commit = async (lastOffset, metadata) => {
      await commit(lastOffset, metadata);
      batch.isLost = true;
    };
    await pipeline(1).run(batch);
    expect(batch.committed).toEqual(['1']);
    expect(store.rows).toEqual(['a']);
  });

  it('keeps the good rows of a record and leaves coordinates of the bad ones', async () => {
    const batch = batchOf([record(1, ['a']), record(2, ['b', 'bad secret', 'c'])]);
    await pipeline().run(batch);
    expect(store.rows).toEqual(['a', 'b', 'c']);
    expect(batch.committed).toEqual(['2']);
    expect(sent).toHaveLength(1);
    const letters = sent[0]?.value.toString() ?? '';
    expect(JSON.parse(letters)).toMatchObject({
      code: 'SK_ROW_REFUSED',
      topic: TOPICS.anonymized,
      partition: 2,
      offset: '2',
      index: 1,
    });
    expect(`${letters}${log.text()}`).not.toContain('secret');
    expect(await metric('sink_dead_letters_total')).toEqual([{ code: 'SK_ROW_REFUSED', value: 1 }]);
    expect(await metric('sink_rows_inserted_total')).toEqual([{ table: 'events', value: 3 }]);
  });

  it('finds the row that makes an insert fail for no known cause, and goes on', async () => {
    const insertLines = store.insert;
    store.insert = (insert) =>
      Buffer.concat(insert.chunks).includes('poison')
        ? Promise.reject(new TypeError('not a function'))
        : insertLines(insert);
    const batch = batchOf([record(1, ['a', 'poison', 'b']), record(2, ['c'])]);
    await pipeline().run(batch);
    expect(store.rows).toEqual(['a', 'b', 'c']);
    expect(batch.committed).toEqual(['2']);
    expect(JSON.parse(sent[0]?.value.toString() ?? '')).toMatchObject({ offset: '1', index: 1 });
  });

  it('does not stop for a record of an unknown table', async () => {
    const batch = batchOf([record(1, ['x', 'y'], 'nowhere'), record(2, ['a'])]);
    await pipeline().run(batch);
    expect(store.rows).toEqual(['a']);
    expect(batch.committed).toEqual(['2']);
    expect(JSON.parse(sent[0]?.value.toString() ?? '')).toMatchObject({
      code: 'SK_RECORD_UNREADABLE',
      offset: '1',
      index: -1,
      count: 2,
    });
  });

  it('commits nothing when a dead letter could not be written', async () => {
    send = () => Promise.reject(new Error('no broker'));
    const batch = batchOf([record(1, ['bad'])]);
    await expect(pipeline().run(batch)).rejects.toThrow('no broker');
    expect(batch.committed).toEqual([]);
  });

  it('counts what is wrong in the rejected topic and writes no letter about it', async () => {
    const batch = batchOf([record(1, ['bad'], 'rejections')], { topic: TOPICS.rejected });
    await pipeline().run(batch);
    expect(sent).toEqual([]);
    expect(batch.committed).toEqual(['1']);
    expect(await metric('sink_dead_letters_total')).toEqual([{ code: 'SK_ROW_REFUSED', value: 1 }]);
  });

  it('says when a header counted other rows than there were', async () => {
    const strange = { ...record(1, ['a', 'b']), headers: { t: 'events', n: '5' } };
    await pipeline().run(batchOf([strange]));
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { rowCount: 5, inserted: 2 } }]);
  });
});

describe('after a failure between the insert and its commit', () => {
  const records = [record(10, ['a', 'bad', 'b']), record(12, ['c']), record(13, ['d'])];

  /** The first run stores the three records in one window and cannot commit it. */
  async function failOnce(group: FakeGroup): Promise<void> {
    group.faults.push(undefined, 'refused');
    await expect(pipeline().run(batchOf(records, { group }))).rejects.toThrow('commit refused');
  }

  it('repeats the window as it was, also when the next fetch brings more', async () => {
    const group = new FakeGroup();
    await failOnce(group);
    const more = batchOf([...records, record(14, ['e'])], { group });
    await pipeline().run(more);
    expect(store.rows).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(more.committed).toEqual(['13', '14']);
    expect(await metric('sink_windows_resumed_total')).toEqual([{ value: 1 }]);
  });

  it('waits for the rest of the window when the next fetch brings less', async () => {
    const group = new FakeGroup();
    await failOnce(group);
    const sink = pipeline();
    const less = batchOf(records.slice(0, 1), { group });
    await sink.run(less);
    expect([less.isReadOn, less.committed]).toEqual([true, []]);
    await sink.run(batchOf(records.slice(1), { group }));
    expect(store.rows).toEqual(['a', 'b', 'c', 'd']);
  });

  it('ends the window at its offset also when a transaction marker is all that is there', async () => {
    const group = new FakeGroup();
    await failOnce(group);
    const sink = pipeline();
    await sink.run({ ...batchOf(records.slice(0, 2), { group }), lastOffset: '13' });
    expect(group.kept.offset).toBe('14');
  });

  it('writes the same dead letters, which the table then counts once', async () => {
    const group = new FakeGroup();
    await failOnce(group);
    await pipeline().run(batchOf(records, { group }));
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  it('stores the records of a topic that was made anew, though their offsets are the same', async () => {
    const sink = pipeline();
    await sink.run(batchOf(records, { group: new FakeGroup() }));
    // Kafka forgot the group's position with the topic; the sink was running all the time
    await sink.run(batchOf(records, { group: new FakeGroup() }));
    expect(store.rows).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
  });

  it('inserts nothing that could not be written down first', async () => {
    const group = new FakeGroup();
    group.faults.push('refused');
    await expect(pipeline().run(batchOf(records, { group }))).rejects.toThrow('commit refused');
    expect(store.inserts).toEqual([]);
  });
});
