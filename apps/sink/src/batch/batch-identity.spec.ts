import { expect, it } from 'vitest';
import { toPartToken, toToken, type BatchIdentity } from './batch-identity.ts';

const identity: BatchIdentity = {
  topic: 'telemetry.anonymized.v1',
  partition: 3,
  firstOffset: '100',
  lastOffset: '9007199254740993',
  firstTimestamp: '1795231634437',
};

it('reads like what it names', () => {
  expect(toToken(identity, 'events')).toBe(
    'telemetry.anonymized.v1/3/100-9007199254740993@1795231634437/events',
  );
});

it.each([
  { topic: 'telemetry.rejected.v1' },
  { partition: 4 },
  { firstOffset: '101' },
  { lastOffset: '9007199254740992' },
  // the topic was made again and its offsets began again
  { firstTimestamp: '1795231634438' },
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
