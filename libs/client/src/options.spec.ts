import { expect, it } from 'vitest';
import { DEFAULT_LIMITS, toSettings, type ClientLimits } from './options.ts';

const OPTIONS = { endpoint: 'https://example.org', project: 'kusk' };

it('takes no limit for one that is none', () => {
  const given = {
    maxQueueEvents: NaN,
    maxQueueBytes: -1,
    maxAttempts: Infinity,
    maxBatchEvents: 0,
  };
  const { limits } = toSettings({ ...OPTIONS, limits: given }, 'application/json');
  expect(limits).toEqual(DEFAULT_LIMITS);
  const text = { maxQueueEvents: 'many' } as unknown as Partial<ClientLimits>;
  expect(toSettings({ ...OPTIONS, limits: text }, '').limits).toEqual(DEFAULT_LIMITS);
});

it('sends the version as the property that the catalogue names', () => {
  const options = { ...OPTIONS, appVersion: '1.2.3', versionProperty: '$version' };
  expect(toSettings(options, '').properties).toEqual({ $version: '1.2.3' });
});

it('speaks of the project by its title', () => {
  expect(toSettings({ ...OPTIONS, title: 'Kusk Gateway' }, '').notice).toMatchInlineSnapshot(`
    "Kusk Gateway sends usage data to its maintainers. What is sent, what never is, and for how long it is kept:
    https://example.org/p/kusk/privacy
    To switch it off, set DO_NOT_TRACK=1."
  `);
});
