import { expect, it } from 'vitest';
import { RecordValues } from './record-values.ts';

const textOf = (values: RecordValues) => values.toRecords().map(({ value }) => value.toString());

it('joins lines into one value and says how many there are', () => {
  const values = new RecordValues('events');
  values.add('{"a":1}\n');
  values.add('{"a":"ü"}\n');
  const [record] = values.toRecords();
  expect(record?.value.toString()).toBe('{"a":1}\n{"a":"ü"}\n');
  expect(record?.headers).toEqual({ v: '1', t: 'events', n: '2' });
});

it('is empty without lines', () => {
  const values = new RecordValues('events');
  expect(values.toRecords()).toEqual([]);
  expect(values.byteCount).toBe(0);
});

it('loses and reorders nothing however much is added', () => {
  const values = new RecordValues('events');
  const lines = Array.from({ length: 5_000 }, (_, i) => `${i}${'ü'.repeat(i % 700)}\n`);
  for (const line of lines) values.add(line);
  expect(values.byteCount).toBe(Buffer.byteLength(lines.join('')));
  const texts = textOf(values);
  expect(texts.join('')).toBe(lines.join(''));
  expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(900_000);
  const counts = values.toRecords().map(({ headers }) => Number(headers['n']));
  expect(counts.reduce((sum, count) => sum + count)).toBe(5_000);
});

it('sends a line beyond the limit alone', () => {
  const values = new RecordValues('events');
  const long = `${'x'.repeat(2_000_000)}\n`;
  for (const line of ['a\n', long, 'b\n']) values.add(line);
  expect(textOf(values).map((text) => text.length)).toEqual([2, long.length, 2]);
});
