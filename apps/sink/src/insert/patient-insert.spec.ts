import { describe, expect, it } from 'vitest';
import { createRecordingLog } from '@rollcall/testing';
import { AWAY, FakeStore, IMPATIENT, batchOf, telemetry } from '../sink.fixture.ts';
import { PatientInsert, type Insert } from './patient-insert.ts';

const insert: Insert = { table: 'events', token: 't', chunks: [Buffer.from('a\n')] };

describe('while ClickHouse is away', () => {
  it('tries again with the same token until it answers', async () => {
    const store = new FakeStore();
    store.outage.push(AWAY, { ...AWAY, code: 'CH_DENIED' }, { ...AWAY, code: 'CH_SCHEMA_BEHIND' });
    const patient = new PatientInsert(store.insert, telemetry(), IMPATIENT);
    expect(await patient.insert(batchOf([]), insert)).toEqual({ kind: 'ok', rowCount: 1 });
    expect(store.inserts).toEqual([insert]);
  });

  it('tells the group that it is alive', async () => {
    const store = new FakeStore();
    store.outage.push(AWAY, AWAY, AWAY);
    const batch = batchOf([]);
    await new PatientInsert(store.insert, telemetry(), IMPATIENT).insert(batch, insert);
    expect(batch.heartbeats).toBeGreaterThanOrEqual(3);
  });

  it('gives up when the partition is lost', async () => {
    const batch = batchOf([]);
    const insertLines = (): Promise<typeof AWAY> => {
      batch.isLost = true;
      return Promise.resolve(AWAY);
    };
    const patient = new PatientInsert(insertLines, telemetry(), IMPATIENT);
    expect(await patient.insert(batch, insert)).toEqual({ kind: 'interrupted' });
  });

  it('says so once, with codes only, and says when it is over', async () => {
    const store = new FakeStore();
    store.outage.push(AWAY, AWAY, AWAY);
    const log = createRecordingLog();
    await new PatientInsert(store.insert, telemetry(log), IMPATIENT).insert(batchOf([]), insert);
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { code: 'CH_UNAVAILABLE', vendorCode: 'ECONNREFUSED' } },
      { level: 'info', message: 'ClickHouse takes rows again.' },
    ]);
  });

  it('lets a group that rebalances have its member back', async () => {
    const store = new FakeStore();
    store.outage.push(AWAY);
    const batch = { ...batchOf([]), heartbeat: () => Promise.reject(new Error('rebalancing')) };
    const patient = new PatientInsert(store.insert, telemetry(), IMPATIENT);
    await expect(patient.insert(batch, insert)).rejects.toThrow('rebalancing');
  });
});

describe('while an insert takes long', () => {
  it('tells the group that it is alive, and a failed heartbeat does not drop the insert', async () => {
    let beats = 0;
    const lease = {
      isStale: () => false,
      heartbeat: () => {
        beats += 1;
        return Promise.reject(new Error('rebalancing'));
      },
    };
    const slow = async (): Promise<{ kind: 'ok'; rowCount: number }> => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return { kind: 'ok', rowCount: 1 };
    };
    const patient = new PatientInsert(slow, telemetry(), IMPATIENT);
    expect(await patient.insert(lease, insert)).toMatchObject({ kind: 'ok' });
    expect(beats).toBeGreaterThan(1);
  });
});

describe('a fault of unknown cause', () => {
  const failed = { kind: 'retry', code: 'CH_FAILED', vendorCode: '49' } as const;

  it('is tried again a bounded number of times, and then the rows are suspected', async () => {
    const store = new FakeStore();
    store.outage.push(failed, failed, failed, failed);
    const patient = new PatientInsert(store.insert, telemetry(), IMPATIENT);
    expect(await patient.insert(batchOf([]), insert)).toEqual({ kind: 'refused' });
  });

  it('is not held against the rows while ClickHouse is away in between', async () => {
    const store = new FakeStore();
    store.outage.push(failed, failed, failed, AWAY, failed, failed, failed);
    const patient = new PatientInsert(store.insert, telemetry(), IMPATIENT);
    expect(await patient.insert(batchOf([]), insert)).toMatchObject({ kind: 'ok' });
  });

  it('also ends when our own program fails on the rows', async () => {
    let attempts = 0;
    const failing = (): Promise<never> => {
      attempts += 1;
      return Promise.reject(new TypeError('not a function'));
    };
    const patient = new PatientInsert(failing, telemetry(), IMPATIENT);
    expect(await patient.insert(batchOf([]), insert)).toEqual({ kind: 'refused' });
    expect(attempts).toBe(4);
  });
});
