import { describe, expect, it } from 'vitest';
import { createSetClock } from '@rollcall/testing';
import { sinkReadiness, type SinkVitals } from './sink-readiness.ts';

const clock = createSetClock();
const joined = {
  isJoined: true,
  assigned: [],
  lastProgressAt: clock.now(),
  oldestBatchAt: undefined,
};
const well: SinkVitals = {
  findSchemaGap: () => Promise.resolve(undefined),
  consumer: () => joined,
  clock: clock.now,
  stuckAfterMs: 30_000,
};

async function missing(vitals: Partial<SinkVitals>): Promise<unknown> {
  const checks = sinkReadiness({ ...well, ...vitals }).map(
    async ({ name, check }) => [name, await check()] as const,
  );
  return Object.fromEntries(
    (await Promise.all(checks)).filter(([, detail]) => detail !== undefined),
  );
}

describe('the sink', () => {
  it('is ready when rows get through', async () => {
    expect(await missing({})).toEqual({});
  });

  it('is not ready without its tables', async () => {
    const gap = { code: 'CH_SCHEMA_BEHIND', detail: 'run `rollcall setup`' } as const;
    expect(await missing({ findSchemaGap: () => Promise.resolve(gap) })).toEqual({
      clickhouse: 'CH_SCHEMA_BEHIND: run `rollcall setup`',
    });
  });

  it('is not ready while ClickHouse keeps silent, and says so in time', async () => {
    const silence = (): Promise<never> => new Promise(() => undefined);
    expect(await missing({ findSchemaGap: silence })).toMatchObject({
      clickhouse: expect.stringContaining('in time') as string,
    });
  });

  it('is not ready outside its group', async () => {
    expect(await missing({ consumer: () => ({ ...joined, isJoined: false }) })).toHaveProperty(
      'consumer',
    );
  });

  it('is not ready with a batch that does not get done', async () => {
    const oldestBatchAt = clock.now() - 30_001;
    expect(await missing({ consumer: () => ({ ...joined, oldestBatchAt }) })).toEqual({
      progress: 'a batch has been in hand for 30 s',
    });
  });

  it('is not ready with a partition that has lag and does not move', async () => {
    const stalledSince = clock.now() - 31_000;
    expect(await missing({ consumer: () => ({ ...joined, stalledSince }) })).toEqual({
      progress: 'a partition has lag and does not move for 31 s',
    });
  });
});
