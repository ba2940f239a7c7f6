import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutWindows } from '../batch/batch-window.ts';
import { FakeStore, IMPATIENT, batchOf, record, sourceOf, telemetry } from '../sink.fixture.ts';
import { insertRows } from './line-bisection.ts';
import { PatientInsert } from './patient-insert.ts';

const LIMITS = { maxRows: 1_000_000, maxBytes: 1_000_000 };
const anyLines = fc.array(fc.constantFrom('good', 'good', 'good', 'bad'), {
  minLength: 1,
  maxLength: 12,
});
const anyRecords = fc.array(anyLines, { minLength: 1, maxLength: 8 }).map((all) =>
  all.map((lines, offset) =>
    record(
      offset,
      lines.map((line, i) => `${line} ${offset}/${i}`),
    ),
  ),
);

it('every good line is stored once and every bad line is named by its coordinates', async () => {
  await fc.assert(
    fc.asyncProperty(anyRecords, async (records) => {
      const store = new FakeStore();
      const batch = batchOf(records);
      const inserts = new PatientInsert(store.insert, telemetry(), IMPATIENT);
      const [table] = [...cutWindows(sourceOf(batch.records), LIMITS)].flatMap(
        ({ tables }) => tables,
      );
      if (table === undefined) throw new Error('there is a table');
      const once = await insertRows(inserts, batch, table);
      // as after a crash before the commit
      const twice = await insertRows(inserts, batch, table);

      const lines = records.flatMap(({ value }) => value.toString().split('\n').slice(0, -1));
      expect(store.rows).toEqual(lines.filter((line) => line.startsWith('good')));
      expect(once?.refused.map(({ offset, index }) => `bad ${offset}/${index}`)).toEqual(
        lines.filter((line) => line.startsWith('bad')),
      );
      expect(twice).toEqual(once);
    }),
  );
});

it('one bad line of a thousand costs about twenty inserts', async () => {
  const store = new FakeStore();
  const lines = Array.from({ length: 1_000 }, (_, i) => (i === 777 ? 'bad' : `good ${i}`));
  const batch = batchOf([record(1, lines)]);
  const [table] = [...cutWindows(sourceOf(batch.records), LIMITS)].flatMap(({ tables }) => tables);
  const inserts = new PatientInsert(store.insert, telemetry(), IMPATIENT);
  const inserted = table && (await insertRows(inserts, batch, table));
  expect(inserted).toMatchObject({ insertedCount: 999, refused: [{ offset: '1', index: 777 }] });
  expect(store.inserts.length).toBeLessThanOrEqual(21);
});
