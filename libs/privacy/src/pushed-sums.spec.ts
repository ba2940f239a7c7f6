import { expect, it } from 'vitest';
import { pushedSums } from './pushed-sums.ts';

const sample = (name: string, labels: Record<string, string>, value: number) => ({
  ...{ index: 0, name, labels, value },
});

it('adds up the samples of one name and one set of labels, in whatever order these stand', () => {
  expect(
    pushedSums([
      sample('nodes', { os: 'other', kernel: 'k' }, 2),
      sample('nodes', { os: 'linux', kernel: 'k' }, 7),
      sample('nodes', { kernel: 'k', os: 'other' }, 3),
      sample('pods', { os: 'other', kernel: 'k' }, 100),
    ]),
  ).toEqual([5, 7, 5, 100]);
});

it('keeps what is below zero', () => {
  expect(pushedSums([sample('t', {}, -5), sample('t', {}, 2), sample('u', {}, -1)])).toEqual([
    ...[-3, -3, -1],
  ]);
});

it('does not take the text of a label for another label', () => {
  const [joined, apart] = [sample('n', { a: '1","b":"2' }, 1), sample('n', { a: '1', b: '2' }, 10)];
  expect(pushedSums([joined, apart])).toEqual([1, 10]);
});

it('stays a number of JSON however large the sum', () => {
  const max = Number.MAX_VALUE;
  expect(pushedSums([sample('n', {}, max), sample('n', {}, max)])).toEqual([max, max]);
  const opposites = [max, max, -max, -max].map((value) => sample('n', {}, value));
  expect(pushedSums(opposites).every(Number.isFinite)).toBe(true);
});
