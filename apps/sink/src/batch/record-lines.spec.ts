import { describe, expect, it } from 'vitest';
import { record } from '../sink.fixture.ts';
import { linesOf, rowCountOf } from './record-lines.ts';

function value(text: string): ReturnType<typeof record> {
  return { ...record(5, []), value: Buffer.from(text), headers: {} };
}

describe('the lines of records', () => {
  it('know where they came from', () => {
    const lines = linesOf([record(5, ['a', 'b']), record(9, ['c'])]);
    expect(lines.map(({ offset, index, bytes }) => [offset, index, bytes.toString()])).toEqual([
      ['5', 0, 'a\n'],
      ['5', 1, 'b\n'],
      ['9', 0, 'c\n'],
    ]);
  });

  it('include a last one without an end, and no empty ones', () => {
    const lines = linesOf([value('a\n\n\nb')]);
    expect(lines.map(({ index, bytes }) => [index, bytes.toString()])).toEqual([
      [0, 'a\n'],
      [1, 'b'],
    ]);
  });

  it('are bytes of any kind', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x0a, 0xfe]);
    const lines = linesOf([{ ...record(1, []), value: bytes }]);
    expect(Buffer.concat(lines.map((line) => line.bytes))).toEqual(bytes);
  });
});

describe('the number of rows', () => {
  it('is what the header says', () => {
    expect(rowCountOf(record(1, ['a', 'b']))).toBe(2);
  });

  it.each(['', '-1', 'many', '0'])('is counted when the header says "%s"', (n) => {
    expect(rowCountOf({ ...value('a\nb\nc\n'), headers: { n } })).toBe(3);
  });
});
