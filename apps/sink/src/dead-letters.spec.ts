import { expect, it } from 'vitest';
import type { ProducedRecord } from '@rollcall/kafka';
import { DeadLetters, type DeadLetter } from './dead-letters.ts';

const letter: DeadLetter = {
  code: 'SK_ROW_REFUSED',
  topic: 'telemetry.anonymized.v1',
  partition: 2,
  offset: '9007199254740993',
  index: 7,
  count: 1,
};

function written(letters: readonly DeadLetter[]): Promise<[string, ProducedRecord][]> {
  const sent: [string, ProducedRecord][] = [];
  const send = (topic: string, record: ProducedRecord): Promise<void> => {
    sent.push([topic, record]);
    return Promise.resolve();
  };
  return new DeadLetters(send)
    .write(letters, Date.UTC(2026, 10, 21, 1, 2, 3, 999))
    .then(() => sent);
}

it('says where, why and when, and nothing of the row', async () => {
  const [[topic, record] = []] = await written([letter, letter]);
  expect(topic).toBe('telemetry.rejected.v1');
  expect(record?.headers).toEqual({ v: '1', n: '2', t: 'rejections' });
  const lines = record?.value.toString().split('\n').slice(0, -1) ?? [];
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    Array.from({ length: 2 }, () => ({
      project: '',
      stage: 'sink',
      code: 'SK_ROW_REFUSED',
      topic: 'telemetry.anonymized.v1',
      partition: 2,
      offset: '9007199254740993',
      index: 7,
      count: 1,
      at: '2026-11-21 01:02:03',
    })),
  );
});

it('sends nothing when there is nothing to say', async () => {
  expect(await written([])).toEqual([]);
});

it('does not write about the topic it writes to', async () => {
  expect(await written([{ ...letter, topic: 'telemetry.rejected.v1' }])).toEqual([]);
});
