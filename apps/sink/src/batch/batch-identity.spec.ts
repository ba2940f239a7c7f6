import { expect, it } from 'vitest';
import { toPartToken, toToken, type BatchIdentity } from './batch-identity.ts';

const identity: BatchIdentity = {
  clusterId: 'mO7ve8tUQ-KkJ8WKqfXVtg',
  topic: 'telemetry.anonymized.v1',
  life: '1f0c2b9a',
  partition: 3,
  firstOffset: '100',
  lastOffset: '9007199254740993',
};

it('reads like what it names', () => {
  expect(toToken(identity, 'events')).toBe(
    'mO7ve8tUQ-KkJ8WKqfXVtg/telemetry.anonymized.v1/1f0c2b9a/3/100-9007199254740993/events',
  );
});

it.each([
  { clusterId: 'another' },
  { topic: 'telemetry.rejected.v1' },
  { partition: 4 },
  { firstOffset: '101' },
  { lastOffset: '9007199254740992' },
  // the topic was made again and its offsets began again
  { life: '1f0c2b9b' },
])('is another token for %o', (difference) => {
  expect(toToken({ ...identity, ...difference }, 'events')).not.toBe(toToken(identity, 'events'));
});

it('is another token for another table and for another part', () => {
  const token = toToken(identity, 'events');
  const tokens = [
    token,
    toToken(identity, 'rejections'),
    toPartToken(token, 0, 5),
    toPartToken(token, 0, 6),
  ];
  expect(new Set(tokens).size).toBe(4);
});
