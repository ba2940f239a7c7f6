import { expect, test } from 'vitest';
import { readSample } from './prometheus-text.ts';

test.each([
  ['up 1', 'up', {}, 1],
  ['up{} 1', 'up', {}, 1],
  ['a:b_c{x="1"} -2.5e3', 'a:b_c', { x: '1' }, -2500],
  ['  a { x = "1" , y="2" , } 3  ', 'a', { x: '1', y: '2' }, 3],
  ['a{x="1"} 3 1700000000000', 'a', { x: '1' }, 3],
  [
    'a{os="linux (Talos (v1.10.5))",k="{},= 1"} 2',
    'a',
    { os: 'linux (Talos (v1.10.5))', k: '{},= 1' },
    2,
  ],
  [
    String.raw`a{p="C:\\dir",q="say \"hi\"",n="1\n2"} 1`,
    'a',
    { p: String.raw`C:\dir`, q: 'say "hi"', n: '1\n2' },
    1,
  ],
  ['a{x="é😀"} .5', 'a', { x: 'é😀' }, 0.5],
  ['a 1\r', 'a', {}, 1],
])('reads %j', (line, name, labels, value) => {
  expect(readSample(line)).toEqual({ name, labels, value });
});

test.each(['', '   ', '\r', '# HELP a b', '# TYPE a gauge', '  # anything'])(
  'passes over %j',
  (line) => {
    expect(readSample(line)).toBeUndefined();
  },
);

test.each([
  '1a 1',
  'a',
  'a{x="1"}',
  'a{x="1"} one',
  'a{x="1"} 0x10',
  'a 1,5',
  'a 1 2 3',
  'a{x="1" 1',
  'a{x=1} 1',
  'a{="1"} 1',
  'a{x="1",,y="2"} 1',
  'a{,x="1"} 1',
  'a{x="1"y="2"} 1',
  'a{x="1"} 1 # {trace_id="1"} 1',
  'a{os="say "hi""} 1',
  String.raw`a{p="C:\dir"} 1`,
  String.raw`a{p="C:\"} 1`,
  'a{x="1",x="2"} 1',
  'a{__proto__="1"} 1',
  'a NaN',
  'a +Inf',
  'a -Inf',
  'a 1e999',
  'a\u0000 1',
  `a{x="${'y'.repeat(20_000)}"} 1`,
])('refuses %.60j', (line) => {
  expect(readSample(line)).toMatchObject({ code: 'GW_EVENT_SHAPE' });
});

test('takes a forged label for the text that it is', () => {
  const line = String.raw`a{x="y\",cluster_id=\"victim"} 1`;
  expect(readSample(line)).toEqual({ name: 'a', labels: { x: 'y",cluster_id="victim' }, value: 1 });
});

test('says nothing of a line but the name of its metric', () => {
  expect(readSample('a{x="jane@example.org" 1')).toEqual({
    code: 'GW_EVENT_SHAPE',
    detail: 'a: the labels cannot be read',
  });
});

test.each([
  ['digits', `a ${'1'.repeat(16_000)}x`],
  ['quotes', `a{${'x="'.repeat(5_000)}`],
  ['blanks', `a${' '.repeat(16_000)}x`],
  ['backslashes', `a{x="${'\\\\'.repeat(8_000)}`],
])('gives up on a line of %s at once', (_, line) => {
  const startedAt = performance.now();
  expect(readSample(line)).toMatchObject({ code: 'GW_EVENT_SHAPE' });
  expect(performance.now() - startedAt).toBeLessThan(50);
});
