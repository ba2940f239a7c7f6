import { expect, it } from 'vitest';
import { writeMember } from './write-json.ts';

const write = (value: unknown, left = 10_000): string | undefined =>
  writeMember({ value }, 'value', { left });

it.each<[unknown, string]>([
  ['text "quoted"', '"text \\"quoted\\""'],
  ['\ud800', '"\\ud800"'],
  [1.5, '1.5'],
  [NaN, 'null'],
  [true, 'true'],
  [null, 'null'],
  [12n, '12'],
  [[1, undefined, () => {}], '[1,null,null]'],
  [{ a: { b: [{}] }, c: undefined }, '{"a":{"b":[{}]}}'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [new URL('https://example.org/x'), '"https://example.org/x"'],
  [new Map([[1, 2]]), '{}'],
  [Object('boxed'), '"boxed"'],
])('writes %s as JSON does', (value, text) => {
  expect(write(value)).toBe(`"value":${text}`);
});

it.each([[undefined], [Symbol('s')], [() => 1]])('leaves %s out, as JSON does', (value) => {
  expect(write(value)).toBeUndefined();
});

it('leaves out what the gateway refuses a whole event for', () => {
  const value = JSON.parse('{"__proto__":1,"\\ud800":2,"ok":3}') as unknown;
  expect(write(value)).toBe('"value":{"ok":3}');
});

it('writes an object twice that is there twice, and none that holds itself', () => {
  const twin = { a: 1 };
  expect(write([twin, twin])).toBe('"value":[{"a":1},{"a":1}]');
  const cycle: unknown[] = [];
  cycle.push([cycle]);
  expect(write(cycle)).toBeUndefined();
});

it('stops at its depth and at its budget', () => {
  const nest = (depth: number): unknown => (depth === 0 ? 1 : [nest(depth - 1)]);
  expect(write(nest(16))).toBeDefined();
  expect(write(nest(17))).toBeUndefined();
  expect(write('x'.repeat(101), 100)).toBeUndefined();
  const budget = { left: 100 };
  expect(writeMember({ value: new Array(1e9) }, 'value', budget)).toBeUndefined();
  expect(budget.left).toBeLessThan(0);
});

it('does not write bytes', () => {
  expect(write(Buffer.from('secret'))).toBeUndefined();
});
