import { RollcallError } from '@rollcall/contracts-transport';
import { expect, it } from 'vitest';
import { FakeStore } from '../sink.fixture.ts';
import type { Insert } from '../insert/patient-insert.ts';
import { erasureGate } from './erasure-gate.ts';
import { Tombstones } from './tombstones.ts';

const PSEUDONYM = 'e'.repeat(32);

/** What a table of tombstones answers; it can change and be away. */
class FakeTombstones {
  readonly database = 'rollcall';
  answer: unknown[] | RollcallError = [];

  rows = <Row>(): Promise<Row[]> =>
    this.answer instanceof RollcallError
      ? Promise.reject(this.answer)
      : Promise.resolve(this.answer as Row[]);
}

function insertOf(table: Insert['table'], ...installations: string[]): Insert {
  const lines = installations.map(
    (installation) => `${JSON.stringify({ project: 'kusk', installation })}\n`,
  );
  return { table, token: 't', chunks: [Buffer.from(lines.join(''))] };
}

const table = new FakeTombstones();
const store = new FakeStore();
const insert = erasureGate(store.insert, new Tombstones(table));

it('lets rows through while nobody was erased', async () => {
  expect(await insert(insertOf('events', PSEUDONYM))).toEqual({
    kind: 'ok',
    rowCount: 1,
    keptOutCount: 0,
  });
});

it('keeps rows out from the first insert after the tombstone on', async () => {
  table.answer = [{ project: 'kusk', pseudonym: PSEUDONYM, erasedMs: 1_000 }];
  const mixed = { ...insertOf('events', PSEUDONYM, 'f'.repeat(32)), token: 'u' };
  expect(await insert(mixed)).toEqual({ kind: 'ok', rowCount: 1, keptOutCount: 1 });
  expect(store.rows.filter((row) => row.includes(PSEUDONYM))).toHaveLength(1);
});

it('asks for no insert when nothing is left of it, and remembers who was erased', async () => {
  table.answer = [];
  const before = store.inserts.length;
  const erased = insertOf('metric_samples', PSEUDONYM);
  expect(await insert(erased)).toEqual({ kind: 'ok', rowCount: 0, keptOutCount: 1 });
  expect(store.inserts).toHaveLength(before);
});

it('does not look at rows that name no installation', async () => {
  expect(await insert({ ...insertOf('rejections', PSEUDONYM), token: 'v' })).toEqual({
    kind: 'ok',
    rowCount: 1,
  });
});

it.each([
  ['CH_UNAVAILABLE', 'CH_UNAVAILABLE'],
  ['CH_DENIED', 'CH_DENIED'],
  ['CH_FAILED', 'CH_UNAVAILABLE'],
] as const)('inserts nothing while tombstones cannot be read: %s', async (code, answered) => {
  table.answer = new RollcallError(code);
  const before = store.inserts.length;
  expect(await insert(insertOf('events', 'f'.repeat(32)))).toMatchObject({
    kind: 'retry',
    code: answered,
  });
  expect(store.inserts).toHaveLength(before);
});
