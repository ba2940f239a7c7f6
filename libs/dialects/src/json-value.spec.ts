import { expect, test } from 'vitest';
import { settle, type JsonObject } from './json-value.ts';

const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;

test('leaves a sound value as it is', () => {
  const value = parse('{"a":[1,"x",null,true,{"b":{}}],"c":"é😀"}');
  expect(settle(value, '', 5)).toBeUndefined();
  expect(value).toEqual(parse('{"a":[1,"x",null,true,{"b":{}}],"c":"é😀"}'));
});

test('replaces half a surrogate pair wherever it stands', () => {
  const value = parse('{"a":"x\\ud83d","b":["\\ude00y"],"c":{"d":"\\ud83d\\ude00"}}');
  expect(settle(value, '', 5)).toBeUndefined();
  expect(value).toEqual({ a: 'x\ufffd', b: ['\ufffdy'], c: { d: '😀' } });
});

test.each([
  ['{"a":[{"__proto__":{}}]}', 'GW_KEY_FORBIDDEN', 'p.a.__proto__'],
  ['{"\\u005f_proto__":1}', 'GW_KEY_FORBIDDEN', 'p.__proto__'],
  ['{"a":{"b":1e999}}', 'GW_EVENT_SHAPE', 'p.a.b: the number is too large'],
  ['{"a":[-1e999]}', 'GW_EVENT_SHAPE', 'p.a: the number is too large'],
  ['{"a":{"\\ud800":1}}', 'GW_EVENT_SHAPE', 'p.a: a key is not valid Unicode'],
  ['{"a":{"b":{"c":{}}}}', 'GW_BODY_TOO_DEEP', 'p.a.b.c: too deep'],
  ['{"a":[[[]]]}', 'GW_BODY_TOO_DEEP', 'p.a: too deep'],
])('refuses %s', (text, code, detail) => {
  expect(settle(parse(text), 'p', 3)).toEqual({ code, detail });
});

test('says a long path short, and as valid text', () => {
  const fault = settle(parse(`{"${'k'.repeat(500)}":1e999}`), '', 3);
  expect(fault?.detail.length).toBeLessThan(200);
});
