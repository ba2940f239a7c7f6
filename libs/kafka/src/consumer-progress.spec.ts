import { expect, test } from 'vitest';
import { ConsumerProgress } from './consumer-progress.ts';

test('begins another generation at each join and whenever the group is left', () => {
  const progress = new ConsumerProgress(() => 0);
  const generations = [progress.generation];
  progress.joined({ raw: [0, 2] });
  generations.push(progress.generation);
  expect(progress.health()).toMatchObject({ isJoined: true, assigned: ['raw/0', 'raw/2'] });
  progress.left();
  generations.push(progress.generation);
  expect(progress.health()).toMatchObject({ isJoined: false, assigned: [] });
  expect(new Set(generations).size).toBe(3);
});

test('knows the age of the oldest batch in hand, also when a later one ends first', () => {
  let now = 100;
  const progress = new ConsumerProgress(() => now);
  const endFirst = progress.begin();
  now = 200;
  const endSecond = progress.begin();
  endSecond();
  expect(progress.health().oldestBatchAt).toBe(100);
  now = 300;
  endFirst();
  expect(progress.health()).toMatchObject({ oldestBatchAt: undefined, lastProgressAt: 300 });
});
