import { describe, expect, it } from 'vitest';
import { parseNamedQuery, queryParameters } from './named-queries.ts';

const HEAD = '-- question: How many?\n-- page: Acme: numbers\n';
const query = parseNamedQuery(
  'acme-many',
  `${HEAD}-- parameter: project = acme\n-- parameter: from = -29d\n-- a note\nSELECT {project:String}, {from:Date}\n`,
);
const NOW = Date.parse('2026-03-01T00:30:00Z');

describe('a named query', () => {
  it('is its head and its statement', () => {
    expect(query).toEqual({
      name: 'acme-many',
      question: 'How many?',
      page: 'Acme: numbers',
      defaults: { project: 'acme', from: '-29d' },
      sql: 'SELECT {project:String}, {from:Date}',
    });
  });

  it('counts days back in UTC, and takes what is given', () => {
    expect(queryParameters(query, {}, NOW)).toEqual({ project: 'acme', from: '2026-01-31' });
    const given = { project: 'other', from: '2020-02-29' };
    expect(queryParameters(query, given, NOW)).toEqual(given);
    expect(queryParameters(query, { from: '0d' }, NOW)['from']).toBe('2026-03-01');
  });

  it('says which parameter it does not have', () => {
    expect(() => queryParameters(query, { form: '1' }, NOW)).toThrow(/no parameter form/);
  });

  it.each([
    ['no question', '-- page: x\nSELECT 1'],
    ['no page', '-- question: x\nSELECT 1'],
    ['a parameter without a default', `${HEAD}SELECT {a:Date}`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseNamedQuery('x', text)).toThrow(/is missing/);
  });
});
