import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

describe('compilePattern', () => {
  it.each([
    'v1.33.1',
    '0.26.1',
    'v1.33.1-eks-1-33-8',
    'v1.28.3-gke.1286000',
    'v1.27.3+vmware.1-tkg.2',
    '1.5.2+k3s1',
    'v1.14.5+1',
    'v1.0.0-rc.1',
    '2024.1.0',
    '0.0.0-20240327143003-a0de32f55a99',
    'v0.5.0-5-g1a2b3c4-dirty',
  ])('takes %s for a version', (text) => {
    expect(compilePattern('version')?.test(text)).toBe(true);
  });

  it.each([
    '203.0.113.7',
    'v1.2.3-203.0.113.7',
    '56279633-3131-436b-b8f2-9008a49a2f12',
    'v1.2.3-56279633-3131-436b-b8f2-9008a49a2f12',
    '1.2.3-9b6f2e0b7c1d4e5f8a9b0c1d2e3f4a5b',
    '202.555.0147',
    'v1.2.3 ',
    '1.2.3\n',
    'jane@example.org',
    '1',
    '',
  ])('does not take %j for a version', (text) => {
    expect(compilePattern('version')?.test(text)).toBe(false);
  });

  it.each(['cert-manager', 'k3s', 'k8sgpt-operator', 'paas-full'])(
    'takes %s for a slug',
    (text) => {
      expect(compilePattern('slug')?.test(text)).toBe(true);
    },
  );

  it.each([
    'janes.corp.example',
    'abcdef12-3131-436b-b8f2-9008a49a2f12',
    'Jane',
    'ghp_16c7e42f292c',
  ])('does not take %s for a slug', (text) => {
    expect(compilePattern('slug')?.test(text)).toBe(false);
  });

  it('matches an expression from end to end, alternatives included', () => {
    const pattern = compilePattern('/one|two/');
    expect(['one', 'two', 'one more', 'not two'].map((text) => pattern?.test(text))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(['unheard-of', '/(/', '//', 'toString', '/a'])('knows no pattern for %s', (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });
});
