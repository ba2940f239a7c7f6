import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasForbiddenKey, mayHaveForbiddenKey, parseJson } from './json.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const json = fc.jsonValue({ maxDepth: 6 });
const nastyText = fc.string({
  unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a', 'é', '\n'),
});

test('takes every value up to its own depth and refuses it one short of that', () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.array(fc.dictionary(nastyText, nastyText))), (value) => {
      const text = JSON.stringify(value);
      const depth = depthOf(value);
      expect(parseJson(text, depth)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      if (depth > 0)
        expect(parseJson(text, depth - 1)).toEqual({ ok: false, code: 'GW_BODY_TOO_DEEP' });
    }),
  );
});

test('never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(nastyText, fc.string()), (text) => {
      expect(parseJson(text, 8)).toHaveProperty('ok');
    }),
  );
});

test('suspects every text that holds a forbidden key', () => {
  const hidden = fc.constantFrom(
    '{"__proto__":1}',
    '{"\\u005f_proto__":1}',
    '[{"a":{"__proto__":{}}}]',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        hidden,
        json.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        if (hasForbiddenKey(JSON.parse(text))) expect(mayHaveForbiddenKey(text)).toBe(true);
      },
    ),
  );
});
