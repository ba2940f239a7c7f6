import { FieldRuleSchema } from '@rollcall/contracts-catalogue';
import { describe, expect, it } from 'vitest';
import { createTreatment, type GeneralRule } from './create-treatment.ts';
import { WRONG_TYPE, WRONG_VALUE } from './treatment.ts';

function treat(rule: Record<string, unknown>, value: unknown) {
  return createTreatment(FieldRuleSchema.parse({ purpose: 'x', ...rule }) as GeneralRule)(value);
}

type Case = readonly [name: string, value: unknown, expected: unknown];

function cases(rule: Record<string, unknown>, table: readonly Case[]): void {
  it.each(table)('%s', (_name, value, expected) => {
    expect(treat(rule, value)).toEqual(expected);
  });
}

describe('keep, of an enumeration', () => {
  cases({ treatment: 'keep', type: 'string', enum: ['a', ''], otherwise: 'other' }, [
    ['lets its words through', 'a', 'a'],
    ['lets an empty word through when it is named', '', ''],
    ['replaces other words', 'b', 'other'],
    ['does not trim', ' a', 'other'],
    ['refuses a number', 1, WRONG_TYPE],
    ['refuses a list', ['a'], WRONG_TYPE],
    ['refuses an object', { a: 1 }, WRONG_TYPE],
  ]);
});

describe('keep, of a pattern', () => {
  cases({ treatment: 'keep', type: 'string', pattern: 'version', enum: ['dev'] }, [
    ['lets a version through', 'v1.33.1', 'v1.33.1'],
    ['lets a word of the enumeration through', 'dev', 'dev'],
    ['refuses other text', 'latest', WRONG_VALUE],
    ['matches the whole text', 'v1.33.1 jane', WRONG_VALUE],
    ['does not stop at a line', 'v1.33.1\njane', WRONG_VALUE],
    ['refuses an address that looks like a version', '10.0.0.17', WRONG_VALUE],
  ]);

  cases({ treatment: 'keep', type: 'string', pattern: '/.+/', maxLength: 60 }, [
    ['lets text through', 'linux (Talos (v1.8.4))', 'linux (Talos (v1.8.4))'],
    ['refuses text over its length', 'a b '.repeat(16), WRONG_VALUE],
    ['refuses a mail address', 'for jane@example.org', WRONG_VALUE],
    ['refuses a UUID', 'x-56279633-3131-436b-b8f2-9008a49a2f12', WRONG_VALUE],
    ['refuses an IPv4 address', 'from 203.0.113.7', WRONG_VALUE],
    ['refuses an IPv6 address', 'from 2001:db8:0:1:2:3:4:5', WRONG_VALUE],
    ['refuses a hardware address', 'de:ad:be:ef:00:01', WRONG_VALUE],
    ['refuses a home directory', 'open /home/jane/api.yaml', WRONG_VALUE],
    ['refuses a Windows home directory', 'C:\\Users\\jane', WRONG_VALUE],
    ['refuses a token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a', WRONG_VALUE],
    ['refuses half a character', 'a\ud800', WRONG_VALUE],
    ['refuses a control character', 'a\u0000b', WRONG_VALUE],
  ]);
});

describe('keep, of a list', () => {
  cases({ treatment: 'keep', type: 'string[]', enum: ['a', 'b'] }, [
    ['leaves out what is not named', ['a', 'x', 'b'], ['a', 'b']],
    ['keeps an empty list', [], []],
    ['refuses a list of which nothing is left', ['x'], WRONG_VALUE],
    ['refuses mixed lists', ['a', 1], WRONG_TYPE],
    ['refuses text', 'a', WRONG_TYPE],
  ]);

  it('is cut at a hundred elements', () => {
    const rule = { treatment: 'keep', type: 'string[]', enum: ['a'] };
    expect(
      treat(
        rule,
        Array.from({ length: 5_000 }, () => 'a'),
      ),
    ).toHaveLength(100);
  });
});

describe('keep, of numbers and booleans', () => {
  cases({ treatment: 'keep', type: 'integer', range: [0, 10] }, [
    ['lets the lower bound through', 0, 0],
    ['lets the upper bound through', 10, 10],
    ['refuses what is below', -1, WRONG_VALUE],
    ['refuses what is above', 11, WRONG_VALUE],
    ['refuses a fraction', 1.5, WRONG_TYPE],
    ['refuses a number written as text', '5', WRONG_TYPE],
    ['refuses an overflow', JSON.parse('1e999'), WRONG_TYPE],
    ['refuses a boolean', true, WRONG_TYPE],
  ]);
  cases({ treatment: 'keep', type: 'integer' }, [
    ['refuses what a double cannot hold exactly', 2 ** 53, WRONG_VALUE],
  ]);
  cases({ treatment: 'keep', type: 'number' }, [
    ['refuses a whole number that no column holds', 1e20, WRONG_VALUE],
    ['lets a fraction through', 0.25, 0.25],
    ['refuses NaN', NaN, WRONG_TYPE],
  ]);
  cases({ treatment: 'keep', type: 'boolean' }, [
    ['lets false through', false, false],
    ['refuses text', 'true', WRONG_TYPE],
    ['refuses a number', 1, WRONG_TYPE],
  ]);
});

describe('truncate', () => {
  cases({ treatment: 'truncate', type: 'string', to: 'minor' }, [
    ['cuts a version to two numbers', 'v1.33.1-eks-1-33-8', 'v1.33'],
    ['keeps a version of two numbers', '1.5', '1.5'],
    ['refuses what is no version', 'main', WRONG_VALUE],
    ['refuses a number', 1.5, WRONG_TYPE],
  ]);
  cases({ treatment: 'truncate', type: 'string', to: 'day' }, [
    ['cuts an instant to its day', '2026-11-21T00:47:15.508520877Z', '2026-11-21'],
    ['counts days in UTC', '2026-11-21T00:30:00+02:00', '2026-11-20'],
    ['refuses a day that does not exist', '2026-02-31T25:00:00Z', WRONG_VALUE],
    ['refuses text around an instant', 'at 2026-11-21T00:47:15Z', WRONG_VALUE],
    ['refuses a number', 1_795_255_273, WRONG_TYPE],
  ]);
  cases({ treatment: 'truncate', type: 'string', to: 'hour' }, [
    ['cuts an instant to its hour', '2026-11-21T13:47:15Z', '2026-11-21T13:00:00Z'],
  ]);
});

describe('bucket', () => {
  cases({ treatment: 'bucket', type: 'integer', edges: [1, 10, 100] }, [
    ['gives the lower edge', 57, 10],
    ['counts an edge to its own bucket', 10, 10],
    ['leaves the last bucket open', 1e9, 100],
    ['gives 0 below the first edge', 0, 0],
    ['refuses negative numbers', -1, WRONG_VALUE],
    ['refuses a fraction', 1.5, WRONG_TYPE],
    ['refuses text', '57', WRONG_TYPE],
  ]);
  it('refuses edges that do not ascend', () => {
    expect(() => treat({ treatment: 'bucket', type: 'number', edges: [2, 1] }, 1)).toThrow(
      'ascend',
    );
  });
});

describe('family', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
  cases({ treatment: 'family', type: 'string' }, [
    ['gives browser and system', firefox, 'Firefox on Linux'],
    ['does not pass an unknown name on', 'jane@example.org/1.0 (secret)', 'Other on Other'],
    ['takes a client that is no browser', 'Go-http-client/1.1', 'Other on Other'],
    ['refuses an empty text', '', WRONG_VALUE],
    ['refuses an endless text', 'a'.repeat(513), WRONG_VALUE],
    ['refuses an object', {}, WRONG_TYPE],
  ]);
});

describe('first', () => {
  const bound = { enum: ['install'], otherwise: 'other' };
  cases({ treatment: 'first', type: 'string[]', ...bound }, [
    ['takes the first element', ['install', '/home/jane'], 'install'],
    ['replaces an unknown one', ['/home/jane'], 'other'],
    ['refuses an empty list', [], WRONG_VALUE],
    ['refuses text', 'install', WRONG_TYPE],
  ]);
  cases({ treatment: 'first', type: 'string', ...bound }, [
    ['takes the first word', '  install x', 'install'],
    ['refuses blank text', '  ', WRONG_VALUE],
    ['refuses a list', ['install'], WRONG_TYPE],
  ]);
});

describe('count', () => {
  cases({ treatment: 'count', type: 'string[]' }, [
    ['counts', ['/home/jane', 'b'], 2],
    ['counts nothing', [], 0],
    ['refuses text', 'ab', WRONG_TYPE],
  ]);
});

describe('path', () => {
  const rule = { treatment: 'path', pattern: '/\\/[a-z/]*/' };
  cases({ ...rule, type: 'string' }, [
    ['leaves host and query', 'https://jane:pw@acme.example/docs/a?mail=x#y', '/docs/a'],
    ['takes an address without scheme', '//acme.example/docs', '/docs'],
    ['takes a bare path', '/docs?x=1', '/docs'],
    ['gives / for a host alone', 'https://acme.example', '/'],
    ['refuses a path that the pattern does not know', '/u/4711', WRONG_VALUE],
    ['refuses text that is no address', 'jane@example.org', WRONG_VALUE],
    ['refuses an object', { Path: '/docs' }, WRONG_TYPE],
  ]);
  cases({ ...rule, type: 'object' }, [
    [
      'takes the path of a Go url.URL',
      { Host: 'acme.example', Path: '/docs', RawQuery: 'a=b' },
      '/docs',
    ],
    ['refuses an object without one', { path: '/docs' }, WRONG_TYPE],
    ['refuses an inherited one', Object.create({ Path: '/docs' }), WRONG_TYPE],
    ['refuses text', '/docs', WRONG_TYPE],
  ]);
});

describe('names', () => {
  cases({ treatment: 'names', type: 'string[]', pattern: '/--?[a-z-]+/' }, [
    ['leaves the values', ['--yes', '--value=a=b', '-f=x'], ['--yes', '--value', '-f']],
    ['leaves out what is no flag', ['--file', '/home/jane'], ['--file']],
    ['leaves out unknown names', ['--File1', '--yes'], ['--yes']],
    ['refuses a list without flags', ['jane'], WRONG_VALUE],
    ['refuses text', '--yes', WRONG_TYPE],
  ]);
});
