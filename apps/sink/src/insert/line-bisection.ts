import type { TableBatch } from '../batch/batch-window.ts';
import { toPartToken } from '../batch/batch-identity.ts';
import { linesOf, type Line } from '../batch/record-lines.ts';
import type { InsertedRows } from './inserted-rows.ts';
import type { InsertEnd, Insert, Lease, PatientInsert } from './patient-insert.ts';

/** The whole was tried often enough; of a part it is enough to see that the fault is in it. */
const PART_FAILURES = 3;

interface Part {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/**
 * Inserts the rows of a table; when ClickHouse refuses them, halves what is refused until the lines at fault stand alone
 * and all others are stored. One bad line of n costs about 2 log2(n) inserts, and nothing when there is none.
 *
 * Guarantee: the same batch is halved the same way, with the same tokens, so that a repetition stores nothing twice.
 */
export async function insertRows(
  inserts: PatientInsert,
  lease: Lease,
  batch: TableBatch,
): Promise<InsertedRows | undefined> {
  const { table, token, records } = batch;
  const whole = await inserts.insert(lease, {
    table,
    token,
    chunks: records.map(({ value }) => value),
  });
  if (whole.kind === 'interrupted') return undefined;
  if (whole.kind === 'ok')
    return {
      insertedCount: whole.rowCount,
      keptOutCount: whole.keptOutCount ?? 0,
      refused: [],
    };
  const lines = linesOf(records);
  return bisect(lines, (part) =>
    inserts.insert(lease, toInsert(batch, lines, part), PART_FAILURES),
  );
}

function toInsert(
  { table, token }: TableBatch,
  lines: readonly Line[],
  { from, to }: Part,
): Insert {
  const bytes = lines.slice(from, to).map((line) => line.bytes);
  return { table, token: toPartToken(token, from, to), chunks: [Buffer.concat(bytes)] };
}

async function bisect(
  lines: readonly Line[],
  insert: (part: Part) => Promise<InsertEnd>,
): Promise<InsertedRows | undefined> {
  const refused: Line[] = [];
  let insertedCount = 0;
  let keptOutCount = 0;
  // The whole is known to be refused, so it is halved without being tried again.
  const parts = halves({ from: 0, to: lines.length });
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const end = await insert(part);
    if (end.kind === 'interrupted') return undefined;
    if (end.kind === 'ok') {
      insertedCount += end.rowCount;
      keptOutCount += end.keptOutCount ?? 0;
    } else if (part.to - part.from > 1) parts.push(...halves(part));
    else refused.push(...lines.slice(part.from, part.to));
  }
  return { insertedCount, keptOutCount, refused };
}

/** Last half first: the parts are taken from the end, so lines are tried in order. */
function halves({ from, to }: Part): Part[] {
  if (to - from <= 1) return to > from ? [{ from, to }] : [];
  const middle = from + Math.ceil((to - from) / 2);
  return [
    { from: middle, to },
    { from, to: middle },
  ];
}
