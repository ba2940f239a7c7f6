import { DIALECT_NAMES } from '@rollcall/contracts-catalogue';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoded, refusalCode, rejections, wireRequest } from '../fixtures/wire-request.ts';
import type { DecodeOutcome, WireRequest } from './dialect.ts';
import { DIALECTS } from './registry.ts';

/** For each dialect that speaks JSON, a body whose one event has the given fields beside what it must have. */
const JSON_DIALECTS = [
  ['native', '/events', (fields: string) => `{"event":"a","properties":{${fields}}}`],
  [
    'kamaji',
    '/stats',
    (fields: string) => `{"uuid":"u","kamaji_version":"v","kubernetes_version":"k",${fields}}`,
  ],
  ['sveltos', '/', (fields: string) => `{"uuid":"u","sveltosVersion":"v",${fields}}`],
  [
    'segment',
    '/v1/track',
    (fields: string) => `{"event":"a","userId":"u","properties":{${fields}}}`,
  ],
  [
    'posthog',
    '/e',
    (fields: string) => `{"event":"a","distinct_id":"u","token":"t","properties":{${fields}}}`,
  ],
] as const;

const nested = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

test('has every dialect under its own name', () => {
  expect(Object.entries(DIALECTS).map(([name, dialect]) => [name, dialect.name])).toEqual(
    DIALECT_NAMES.map((name) => [name, name]),
  );
});

describe.each(JSON_DIALECTS)('%s', (name, path, bodyWith) => {
  const dialect = DIALECTS[name];
  const read = (fields: string) => decoded(dialect, wireRequest(path, bodyWith(fields)));
  const codeOf = (body: unknown) => refusalCode(dialect, wireRequest(path, body));

  test.each([
    '{',
    '{"event":',
    'hello world!',
    '{"a":1}}',
    "{'a':1}",
    '{"a":\u0000}',
    '{"a":NaN}',
    '\u0000',
  ])('refuses %j as not JSON', (body) => {
    expect(codeOf(body)).toBe('GW_BODY_NOT_JSON');
  });

  test('refuses bytes that are not UTF-8', () => {
    const [before = '', after = ''] = bodyWith('"x":"@"').split('@');
    const body = Buffer.concat([
      Buffer.from(before),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(after),
    ]);
    expect(codeOf(body)).toBe('GW_BODY_NOT_UTF8');
  });

  test('takes a body with a byte order mark', () => {
    expect(decoded(dialect, wireRequest(path, `\ufeff${bodyWith('"x":1')}`)).events).toHaveLength(
      1,
    );
  });

  test.each(['1', '"text"', 'null', 'true'])('stores nothing of the body %s', (body) => {
    const outcome = dialect.decode(wireRequest(path, body));
    expect(outcome.kind === 'decoded' ? outcome.events : []).toEqual([]);
  });

  test.each(['"__proto__":{"isAdmin":true}', '"x":[{"__proto__":1}]', '"\\u005f_proto__":1'])(
    'refuses an event with the key %s',
    (fields) => {
      expect(rejections(read(fields))).toEqual([[0, 'GW_KEY_FORBIDDEN']]);
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    },
  );

  test('refuses an event that is too deep, and a body that is deeper than any', () => {
    expect(rejections(read(`"x":${nested(30)}`))).toEqual([[0, 'GW_BODY_TOO_DEEP']]);
    expect(codeOf(bodyWith(`"x":${nested(100_000)}`))).toBe('GW_BODY_TOO_DEEP');
  });

  test.each(['1e999', '-1e999', '1'.repeat(400)])(
    'refuses an event with the number %.20s',
    (number) => {
      expect(rejections(read(`"x":{"y":[${number}]}`))).toEqual([[0, 'GW_EVENT_SHAPE']]);
    },
  );

  test('keeps an event with half a surrogate pair in a text, and makes it whole', () => {
    expect(read('"x":"cut \\ud83d"').events[0]?.properties['x']).toBe('cut \ufffd');
  });

  test('keeps NUL in a text, where it is only a character', () => {
    expect(read('"x":"a\\u0000b"').events[0]?.properties['x']).toBe('a\0b');
  });

  test('takes an address in a field for text', () => {
    const fields = '"$schema":"http://169.254.169.254/latest","x":"file:///etc/passwd"';
    expect(read(fields).events[0]?.properties).toMatchObject({ x: 'file:///etc/passwd' });
  });

  test('repeats no value of the event when it refuses it', () => {
    const body = bodyWith('"x":["secret-canary",1e999]')
      .replace('"a"', '5')
      .replace('"u"', '["secret-canary"]');
    const outcome = decoded(dialect, wireRequest(path, body));
    expect(outcome.rejected).toHaveLength(1);
    expect(JSON.stringify(outcome.rejected)).not.toContain('canary');
  });
});

test('no dialect throws, whatever the body, and refusals always have an answer', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    fc
      .string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', 'a', '1', '\n', '=') })
      .map((text) => Buffer.from(text)),
  );
  const requests = [
    ['native', '/events'],
    ['kamaji', '/stats'],
    ['kamaji', '/update'],
    ['sveltos', '/'],
    ['cozystack', '/'],
    ['segment', '/v1/batch'],
    ['segment', '/v1/group'],
    ['posthog', '/e'],
    ['posthog', '/i/v1/analytics/events'],
  ] as const;
  const headers = { 'x-cluster-id': 'c', authorization: 'Basic !' };
  fc.assert(
    fc.property(fc.constantFrom(...requests), body, ([name, path], bytes) => {
      const request: WireRequest = wireRequest(path, bytes, { headers });
      const outcome: DecodeOutcome = DIALECTS[name].decode(request);
      if (outcome.kind === 'refused')
        expect(
          DIALECTS[name].answerRefusal?.(outcome.code, outcome.detail)?.status ?? 400,
        ).toBeGreaterThan(399);
      if (outcome.kind !== 'decoded') return;
      expect(outcome.indexes).toHaveLength(outcome.events.length);
      const result = { acceptedCount: outcome.events.length, rejected: outcome.rejected };
      expect((outcome.answer ?? DIALECTS[name].answer)(result, request).status).toBeLessThan(500);
    }),
    { numRuns: 1_500 },
  );
});
