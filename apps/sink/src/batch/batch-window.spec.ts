import { describe, expect, it } from 'vitest';
import { record, sourceOf } from '../sink.fixture.ts';
import { cutWindows } from './batch-window.ts';

const LIMITS = { maxRows: 1_000, maxBytes: 1_000_000 };

describe('a window', () => {
  it('has one insert per table, however often the tables take turns', () => {
    const batch = sourceOf([
      record(1, ['e1']),
      record(2, ['m1'], 'metric_samples'),
      record(3, ['e2', 'e3']),
      record(4, ['m2'], 'metric_samples'),
    ]);
    const [window, ...rest] = cutWindows(batch, LIMITS);
    expect(rest).toEqual([]);
    expect(window?.tables).toMatchObject([
      {
        table: 'events',
        rowCount: 3,
        byteCount: 9,
        token: expect.stringContaining('/2/1-4/') as string,
      },
      { table: 'metric_samples', rowCount: 2 },
    ]);
  });

  it('ends before the record that would make it too long', () => {
    const batch = sourceOf([record(1, ['a', 'b']), record(2, ['c']), record(3, ['d'])]);
    const windows = [...cutWindows(batch, { ...LIMITS, maxRows: 3 })];
    expect(windows.map(({ identity }) => identity.lastOffset)).toEqual(['2', '3']);
  });

  it('ends before the record that would make it too heavy', () => {
    const batch = sourceOf([record(1, ['aaaa']), record(2, ['bbbb']), record(3, ['cccc'])]);
    const windows = [...cutWindows(batch, { ...LIMITS, maxBytes: 10 })];
    expect(windows.map(({ identity }) => identity.lastOffset)).toEqual(['2', '3']);
  });

  it('holds a single record even when that is beyond every limit', () => {
    const batch = sourceOf([record(1, ['a', 'b', 'c']), record(2, ['d'])]);
    const windows = [...cutWindows(batch, { maxRows: 1, maxBytes: 1 })];
    expect(windows.map(({ identity }) => identity.lastOffset)).toEqual(['1', '2']);
  });

  it('covers records that carry nothing, so that they are committed', () => {
    const batch = sourceOf([record(1, ['a']), record(7, []), record(9, [])]);
    const [window] = cutWindows(batch, LIMITS);
    expect(window?.identity.lastOffset).toBe('9');
    expect(window?.tables).toMatchObject([{ records: [{ offset: '1' }] }]);
    expect(window?.unreadable).toEqual([]);
  });

  it.each([
    ['without a table', {}],
    ['of a table that is not written', { t: 'installations' }],
    ['of a table that does not exist', { t: '../events' }],
  ])('sets aside a record %s', (_, headers) => {
    const strange = { ...record(1, ['a']), headers };
    const [window] = cutWindows(sourceOf([strange, record(2, ['b'])]), LIMITS);
    expect(window?.unreadable).toEqual([strange]);
    expect(window?.tables).toMatchObject([{ rowCount: 1 }]);
  });

  it('counts the lines of a record whose header does not', () => {
    const uncounted = { ...record(1, ['a', 'b', 'c']), headers: { t: 'events' } };
    const [window] = cutWindows(sourceOf([uncounted]), LIMITS);
    expect(window?.tables).toMatchObject([{ rowCount: 3 }]);
  });
});
