import { afterEach, expect, test } from 'vitest';
import type { ProducedRecord } from '@rollcall/kafka';
import { RejectedTopic } from './rejected-topic.ts';

const open: RejectedTopic[] = [];

function createTopic(): {
  topic: RejectedTopic;
  sent: ProducedRecord[];
  state: { isAway: boolean };
} {
  const sent: ProducedRecord[] = [];
  const state = { isAway: false };
  const topic = new RejectedTopic(
    (_topic, record) => {
      if (state.isAway) return Promise.reject(new Error('away'));
      sent.push(record);
      return Promise.resolve();
    },
    () => Date.UTC(2026, 10, 21, 3, 4, 5, 678),
  );
  open.push(topic);
  return { topic, sent, state };
}

const rowsOf = (record: ProducedRecord | undefined): Record<string, unknown>[] =>
  String(record?.value ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

afterEach(async () => {
  await Promise.all(open.splice(0).map((topic) => topic.close()));
});

test('writes sums by project and code, without coordinates', async () => {
  const { topic, sent } = createTopic();
  topic.count('kamaji', 'GW_EVENT_UNKNOWN', 2);
  topic.count('kamaji', 'GW_EVENT_UNKNOWN', 1);
  topic.count('', 'GW_PATH_UNKNOWN', 1);
  await topic.flush();
  expect(rowsOf(sent[0])).toMatchObject([
    {
      project: 'kamaji',
      code: 'GW_EVENT_UNKNOWN',
      count: 3,
      partition: -1,
      at: '2026-11-21 03:04:05',
    },
    { project: '', code: 'GW_PATH_UNKNOWN', count: 1, offset: '-1', stage: 'gateway' },
  ]);
  expect(sent[0]?.headers).toMatchObject({ t: 'rejections', n: '2' });
});

test('writes nothing when nothing was refused', async () => {
  const { topic, sent } = createTopic();
  await topic.flush();
  expect(sent).toEqual([]);
});

test('keeps the sums of a failed write and adds them to the next', async () => {
  const { topic, sent, state } = createTopic();
  state.isAway = true;
  topic.count('kamaji', 'GW_FIELD_TYPE', 1);
  await topic.flush();
  state.isAway = false;
  topic.count('kamaji', 'GW_FIELD_TYPE', 4);
  await topic.flush();
  expect(rowsOf(sent[0])).toMatchObject([{ code: 'GW_FIELD_TYPE', count: 5 }]);
});
