import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueFileSchema } from '@rollcall/contracts-catalogue';
import { expect, it } from 'vitest';
import { dryRun } from './dry-run.ts';
import { compilePolicy } from './policy.ts';

const acme = CatalogueFileSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/acme.json'), 'utf8')),
);
const policies = new Map([['acme', compilePolicy(acme)]]);
const used = {
  project: 'acme',
  dialect: 'native',
  event: 'used',
  event_id: '4711',
  installation_id: '56279633-3131-436b-b8f2-9008a49a2f12',
  occurred_at: null,
  received_at: Date.parse('2026-11-21T10:00:00Z'),
  properties: { nodes: 3, extra: 'x', ci: 'no' },
};

it('shows the row, what was dropped and why, and which events were refused', () => {
  const answer = dryRun(policies, [used, { ...used, event: 'spied' }]);
  expect(answer).toMatchObject({
    stored: [{ project: 'acme', event: 'used', properties: { nodes: 3 }, raw_partition: -1 }],
    dropped: [
      { path: 'extra', reason: 'AN_FIELD_UNDECLARED' },
      { path: 'ci', reason: 'AN_FIELD_TYPE' },
    ],
    rejected: [{ index: 1, code: 'AN_EVENT_UNKNOWN' }],
  });
});

it.each([
  'node-7.corp.internal',
  '203.0.113.7',
  '5eed5eed-5eed-4eed-8eed-000000000001',
  '5eed5eed_5eed_4eed_8eed_000000000001',
  'jane@mail.example',
  '/home/jane',
])('does not repeat a name that could be an identifier, at the top or further in: %s', (name) => {
  const properties = { [name]: 'x', machine: { [name]: 'x' } };
  const { dropped } = dryRun(policies, [{ ...used, properties }]);
  expect(dropped.map(({ path }) => path)).toEqual([
    '(a name that is not shown)',
    '(a name that is not shown)',
  ]);
});

it('uses keys that are thrown away: two runs share no pseudonym', () => {
  const [one, two] = [dryRun(policies, [used]), dryRun(policies, [used])].map(
    ({ stored }) => stored[0],
  );
  expect(one?.installation).not.toBe(two?.installation);
  expect(one?.event_id).not.toBe(two?.event_id);
});
