import fc from 'fast-check';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { DeadLetters } from './dead-letters.ts';
import { PatientInsert } from './insert/patient-insert.ts';
import {
  FakeGroup,
  FakeStore,
  IMPATIENT,
  batchOf,
  record,
  telemetry,
  type CommitFault,
} from './sink.fixture.ts';
import { SinkPipeline } from './sink.pipeline.ts';

type Letters = string[];

function start(store: FakeStore, letters: Letters): SinkPipeline {
  const said = telemetry(undefined, new Registry());
  return new SinkPipeline({
    inserts: new PatientInsert(store.insert, said, IMPATIENT),
    deadLetters: new DeadLetters((_, { value }) => {
      letters.push(...value.toString().split('\n').filter(Boolean));
      return Promise.resolve();
    }),
    telemetry: said,
    limits: { maxRows: 7, maxBytes: 1_000 },
    clock: Date.now,
  });
}

const anyLines = fc.array(fc.constantFrom('good', 'good', 'good', 'bad'), { maxLength: 5 });
const anyRecords = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), anyLines), { minLength: 1, maxLength: 12 })
  .map((parts) => {
    let offset = 0;
    return parts.map(([gap, lines]) => {
      offset += gap;
      return record(
        offset,
        lines.map((line, i) => `${line} ${offset}/${i}`),
      );
    });
  });
const anyFault = fc.constantFrom<CommitFault | undefined>(undefined, 'refused', 'unheard');
/** What follows a failure: the process is another one, the group has rebalanced, or the same member reads again. */
const anyAftermath = fc.constantFrom('restart', 'rebalance', 'rewind');

it('whatever becomes of commits, and however fetches cut, each row is stored once without FINAL', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRecords,
      fc.array(anyFault, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      fc.array(anyAftermath, { minLength: 1 }),
      async (records, faults, fetchSizes, aftermaths) => {
        const store = new FakeStore();
        const letters: Letters = [];
        const group = new FakeGroup();
        group.faults.push(...faults);
        let sink = start(store, letters);
        let generation = 1;
        let next = 0n;
        for (let turn = 0; turn < 200; turn += 1) {
          const size = fetchSizes[turn % fetchSizes.length] ?? 1;
          const fetched = records.filter(({ offset }) => BigInt(offset) >= next).slice(0, size);
          if (fetched.length === 0) break;
          const batch = batchOf(fetched, { group, generation });
          try {
            await sink.run(batch);
            next = BigInt(batch.lastOffset) + 1n;
          } catch {
            const aftermath = aftermaths[turn % aftermaths.length];
            if (aftermath === 'restart') sink = start(store, letters);
            if (aftermath !== 'rewind') generation += 1;
            next = BigInt(group.kept.offset ?? 0);
          }
        }
        const lines = records.flatMap(({ value }) => value.toString().split('\n').slice(0, -1));
        expect(store.rows.toSorted()).toEqual(
          lines.filter((line) => line.startsWith('good')).toSorted(),
        );
        expect(new Set(letters).size).toBe(lines.filter((line) => line.startsWith('bad')).length);
        expect(group.kept.offset).toBe(String(BigInt(records.at(-1)?.offset ?? 0) + 1n));
      },
    ),
    { numRuns: 300 },
  );
});
