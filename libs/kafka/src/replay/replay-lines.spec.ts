import { describe, expect, it } from 'vitest';
import type { Coordinates } from '@rollcall/contracts-transport';
import type { ConsumedRecord } from '../consumed-batch.ts';
import type { ProducedRecord } from '../record-producer.ts';
import { replayLines, type ReplayPorts } from './replay-lines.ts';

const OLDEST = 1_000;

const recordOf = (
  offset: number,
  timestamp: number,
  headers: Record<string, string> = {},
): ConsumedRecord => ({
  offset: String(offset),
  value: Buffer.from(`${offset}a\n${offset}b\n`),
  headers: { v: '1', n: '2', ...headers },
  timestamp: String(timestamp),
});

/** A topic of these records, and what is produced to it. */
function topicOf(...records: readonly ConsumedRecord[]) {
  const sent: ProducedRecord[] = [];
  const refused: Coordinates[] = records.map(({ offset }) => ({ partition: 0, offset, index: 1 }));
  const ports: ReplayPorts = {
    read: async (_, onRecord) => {
      for (const record of records) await onRecord({ partition: 0, record });
      return [];
    },
    send: (_, record) => Promise.resolve(void sent.push(record)),
    oldestMs: OLDEST,
  };
  return { sent, refused, ports };
}

describe('when lines first came', () => {
  it('is told by what is replayed, and a replay of a replay says the same', async () => {
    const { sent, refused, ports } = topicOf(
      recordOf(0, OLDEST),
      recordOf(1, OLDEST + 500, { f: String(OLDEST + 7) }),
    );
    await replayLines(refused, ports);
    expect(sent.map(({ headers }) => headers)).toEqual([
      { v: '1', n: '1', f: '1000' },
      { v: '1', n: '1', f: '1007' },
    ]);
  });

  it.each([
    ['tried', undefined],
    ['done', () => Promise.reject(new Error('sent'))],
  ])(
    'decides, not when they were sent again: a replay that is %s leaves them out',
    async (_, send) => {
      const { refused, ports } = topicOf(
        recordOf(0, OLDEST - 1),
        recordOf(1, OLDEST + 500, { f: String(OLDEST - 1) }),
      );
      expect(await replayLines(refused, { ...ports, send })).toEqual({
        wantedCount: 2,
        lineCount: 0,
        repeatedCount: 0,
        missing: [
          { partition: 0, offset: '0' },
          { partition: 0, offset: '1' },
        ],
      });
    },
  );
});

it('tells what was produced, also when a later record is not', async () => {
  const { refused, ports } = topicOf(recordOf(0, OLDEST), recordOf(1, OLDEST));
  const counts: number[] = [];
  const replaying = replayLines(refused, {
    ...ports,
    send: (_, { value }) =>
      value.toString().startsWith('1') ? Promise.reject(new Error('away')) : Promise.resolve(),
    produced: (lineCount) => void counts.push(lineCount),
  });
  await expect(replaying).rejects.toThrow('away');
  expect(counts).toEqual([1]);
});
