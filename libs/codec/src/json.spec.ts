import { expect, test } from 'vitest';
import { decodeText, hasForbiddenKey, parseJson } from './json.ts';

test('takes brackets in strings for text', () => {
  expect(parseJson('["[[[\\"[[[","\\\\",[]]', 2).ok).toBe(true);
});

test('refuses a million brackets without parsing them', () => {
  expect(parseJson('['.repeat(1_000_000), 24)).toEqual({ ok: false, code: 'GW_BODY_TOO_DEEP' });
});

test('reads a long string of escapes in linear time', () => {
  const startedAt = performance.now();
  expect(parseJson(`"${'\\"'.repeat(1_000_000)}"`, 1).ok).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test.each(['', '{', '{"a":1', 'nul', '{"a":1}}', '\u0000{}'])('refuses %j as not JSON', (text) => {
  expect(parseJson(text, 8)).toEqual({ ok: false, code: 'GW_BODY_NOT_JSON' });
});

test('leaves a key __proto__ as data that can be found', () => {
  const parsed = parseJson('{"a":[{"__proto__":{"isAdmin":true}}]}', 8);
  expect(parsed.ok && hasForbiddenKey(parsed.value)).toBe(true);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test('refuses bytes that are not UTF-8 instead of replacing them', () => {
  expect(decodeText(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual({
    ok: false,
    code: 'GW_BODY_NOT_UTF8',
  });
});

test('drops a byte order mark', () => {
  expect(decodeText(Buffer.from('\ufeff{}'))).toEqual({ ok: true, value: '{}' });
});
