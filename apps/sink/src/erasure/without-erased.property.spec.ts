import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutErased } from './without-erased.ts';

const PSEUDONYMS = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32));
const PROJECTS = ['kusk', 'kamaji'];

function tombstones(names: ReadonlySet<string>) {
  return {
    isEmpty: names.size === 0,
    mayHold: (pseudonym: string) => PROJECTS.some((project) => names.has(project + pseudonym)),
    has: (project: string, pseudonym: string) => names.has(project + pseudonym),
  };
}

const anyRow = fc.record({
  project: fc.constantFrom(...PROJECTS),
  event: fc.oneof(fc.string(), fc.constant(`"installation":"${PSEUDONYMS[0]}"`)),
  installation: fc.constantFrom('', ...PSEUDONYMS),
  properties: fc.oneof(
    fc.record({ installation: fc.constantFrom(...PSEUDONYMS) }),
    fc.dictionary(fc.string(), fc.string()),
  ),
});
const anyNames = fc
  .subarray(PROJECTS.flatMap((project) => PSEUDONYMS.map((pseudonym) => project + pseudonym)))
  .map((names) => new Set(names));

it('takes out the rows of erased installations, all of them and no other', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyRow, { minLength: 1 })), anyNames, (records, names) => {
      const chunks = records.map((rows) =>
        Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
      );
      const { chunks: kept, keptOutCount } = withoutErased(chunks, tombstones(names));
      const all = records.flat();
      const staying = all.filter(({ project, installation }) => !names.has(project + installation));
      expect(Buffer.concat(kept).toString()).toBe(
        staying.map((row) => `${JSON.stringify(row)}\n`).join(''),
      );
      expect(keptOutCount).toBe(all.length - staying.length);
    }),
  );
});

it('leaves a line that is no JSON to ClickHouse', () => {
  const line = Buffer.from(`{"project":"kusk","installation":"${PSEUDONYMS[0]}"`);
  const names = new Set([`kusk${PSEUDONYMS[0]}`]);
  expect(withoutErased([line], tombstones(names))).toEqual({ chunks: [line], keptOutCount: 0 });
});
