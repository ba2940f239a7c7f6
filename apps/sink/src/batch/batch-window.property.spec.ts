import fc from 'fast-check';
import { expect, it } from 'vitest';
import { record, sourceOf } from '../sink.fixture.ts';
import { cutWindows } from './batch-window.ts';

const anyTable = fc.constantFrom('events', 'metric_samples', 'rejections', 'nowhere');
const anyRecords = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 5 }), fc.array(fc.constantFrom('a', 'bb', 'ccc')), anyTable),
  )
  .map((parts) => {
    let offset = 0;
    return parts.map(([gap, lines, table]) => record((offset += gap), lines, table));
  });
const anyLimits = fc.record({
  maxRows: fc.integer({ min: 1, max: 20 }),
  maxBytes: fc.integer({ min: 1, max: 60 }),
});

it('windows hold every record once, in order, and end with its last offset', () => {
  fc.assert(
    fc.property(anyRecords, anyLimits, (records, limits) => {
      const windows = [...cutWindows(sourceOf(records), limits)];
      const full = records.filter(({ value }) => value.length > 0);
      const held = windows.flatMap(({ tables, unreadable }) =>
        [...tables.flatMap((table) => table.records), ...unreadable].toSorted(
          (a, b) => Number(a.offset) - Number(b.offset),
        ),
      );
      expect(held).toEqual(full);
      expect(windows.at(-1)?.identity.lastOffset).toEqual(records.at(-1)?.offset);
    }),
  );
});

it('windows stay within the limits unless they hold a single record', () => {
  fc.assert(
    fc.property(anyRecords, anyLimits, (records, limits) => {
      for (const { tables, unreadable } of cutWindows(sourceOf(records), limits)) {
        const held = [...tables.flatMap((table) => table.records), ...unreadable];
        const bytes = held.reduce((sum, { value }) => sum + value.length, 0);
        const rows = held.reduce((sum, { headers }) => sum + Number(headers['n']), 0);
        if (held.length > 1) {
          expect(rows).toBeLessThanOrEqual(limits.maxRows);
          expect(bytes).toBeLessThanOrEqual(limits.maxBytes);
        }
      }
    }),
  );
});

it('the same records are cut the same way, with the same tokens', () => {
  fc.assert(
    fc.property(anyRecords, anyLimits, (records, limits) => {
      const tokens = (): string[] =>
        [...cutWindows(sourceOf(records), limits)].flatMap(({ tables }) =>
          tables.map(({ token }) => token),
        );
      expect(tokens()).toEqual(tokens());
      expect(new Set(tokens()).size).toBe(tokens().length);
    }),
  );
});
