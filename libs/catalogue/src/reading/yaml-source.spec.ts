import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-source.ts';

const valueOf = (text: string): unknown => readYaml('a.yaml', text).source?.value;
const problemsOf = (text: string): string[] =>
  readYaml('a.yaml', text).findings.map(({ problem }) => problem);

/** Eleven levels, each naming the one below nine times. */
function bomb(item: (below: string) => string): string {
  const levels = Array.from({ length: 11 }, (_, i) => `l${i + 1}: &l${i + 1} ${item(`*l${i}`)}`);
  return ['l0: &l0 {k: 1}', ...levels].join('\n');
}

describe('readYaml', () => {
  it('reads no, on, off and yes as words', () => {
    expect(valueOf('a: [no, on, off, yes, y]')).toEqual({ a: ['no', 'on', 'off', 'yes', 'y'] });
  });

  it('reads keys as text, also those that look like numbers or truth values', () => {
    expect(valueOf('1: a\ntrue: b')).toEqual({ '1': 'a', true: 'b' });
  });

  it('follows anchors and merge keys, and lets own keys win', () => {
    expect(valueOf('a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}')).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 3 },
    });
  });

  it('does not let a merge reach a prototype', () => {
    const value = valueOf('a: &a {__proto__: {polluted: 1}}\nb: {<<: *a}') as { b: object };
    expect(Object.getPrototypeOf(value.b)).toBe(Object.prototype);
    expect('polluted' in value.b).toBe(false);
  });

  it('gives every fault of the syntax its line', () => {
    const { findings } = readYaml('a.yaml', 'a: 1\nb: 2\na: 3\nb: 4\n');
    expect(findings.map(({ line, problem }) => [line, problem])).toEqual([
      [3, 'Map keys must be unique'],
      [4, 'Map keys must be unique'],
    ]);
  });

  it.each([
    ['a list of lists', bomb((below) => `[${Array(9).fill(below).join(', ')}]`)],
    ['merges of merges', bomb((below) => `{<<: [${Array(9).fill(below).join(', ')}]}`)],
  ])('refuses an alias that multiplies in %s', (_what, text) => {
    expect(problemsOf(text)).toEqual(['an alias is unknown or is repeated too often']);
  });

  it.each([
    ['an unknown alias', 'a: *nothing'],
    ['a second document', 'a: 1\n---\nb: 2'],
    ['a tag', 'a: !!js/function "x"'],
    ['another version of YAML', '%YAML 1.1\n---\na: no'],
    ['a tab', 'a:\n\tb: 1'],
    ['a file of more than a mebibyte', `a: ${'x'.repeat(1_048_576)}`],
  ])('refuses %s', (_what, text) => {
    expect(readYaml('a.yaml', text).source).toBeUndefined();
    expect(problemsOf(text)).not.toEqual([]);
  });

  it('finds the line of a path through aliases and merge keys', () => {
    const text =
      'first: &first\n  inner:\n    deep: 1\nsecond:\n  <<: *first\n  own: [a,\n    b]\nthird: *first\n';
    const { source } = readYaml('a.yaml', text);
    const lineOf = (...path: string[]): number | undefined => source?.lineOf(path);
    expect(lineOf('second', 'inner', 'deep')).toBe(3);
    expect(lineOf('second', 'own', '1')).toBe(7);
    expect(lineOf('third', 'inner')).toBe(2);
    expect(lineOf('second', 'missing', 'deeper')).toBe(4);
    expect(lineOf()).toBe(1);
  });
});
