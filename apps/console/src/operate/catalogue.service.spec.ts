import { expect, it } from 'vitest';
import { RollcallError, type Code } from '@rollcall/contracts-transport';
import { projectLike } from '../console.fixture.ts';
import { CatalogueService } from './catalogue.service.ts';

/** A ClickHouse that has nothing, and refuses to count the fields of events. */
const refusing = (code: Code) =>
  new CatalogueService({
    database: 'rollcall',
    rows: (query: string) =>
      query.includes('AS field_0')
        ? Promise.reject(new RollcallError(code, 'refused'))
        : Promise.resolve([]),
  });

it('leaves the counts of fields open when there are too many events for an analyst’s limits', async () => {
  const { events } = await refusing('CH_UNAVAILABLE').catalogue(await projectLike('kusk', {}), 1);
  expect(events.length).toBeGreaterThan(0);
  expect(new Set(events.map(({ count }) => count))).toEqual(new Set([null]));
});

it.each(['CH_DENIED', 'CH_SCHEMA_BEHIND', 'CH_FAILED'] as const)(
  'takes %s for what it is',
  async (code) => {
    const asking = refusing(code).catalogue(await projectLike('kusk', {}), 1);
    await expect(asking).rejects.toMatchObject({ code });
  },
);
