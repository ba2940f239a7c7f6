import { expect, it } from 'vitest';
import { toTable } from './table.ts';

it('puts numbers to the right and shows no control characters', () => {
  const rows = [
    { version: 'v1.0.0', installations: 12 },
    { version: '\u001b[2J', installations: 3 },
  ];
  expect(toTable(rows).split('\n')).toEqual([
    'version  installations',
    '-------  -------------',
    'v1.0.0              12',
    '�[2J                 3',
  ]);
});

it('says that there is nothing', () => {
  expect(toTable([])).toBe('No rows.');
});
