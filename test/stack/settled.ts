import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../replay/analyst.ts';
import { analystOf, type RunningRollcall } from './running-rollcall.ts';

/** The gateway writes what it refused once a second, the sink waits less than that for more rows. */
const QUIET_MS = 2_500;
const POLL_MS = 250;
const LIMIT_MS = 60_000;

const COUNT_ROWS = `SELECT (SELECT count() FROM rollcall.events) AS events,
  (SELECT count() FROM rollcall.metric_samples) AS samples, (SELECT count() FROM rollcall.rejections) AS rejections`;

/**
 * Waits until everything that was sent has gone as far as it goes: no table has got a row for some seconds.
 *
 * @throws when rows go on arriving.
 */
export async function settled(rollcall: RunningRollcall): Promise<void> {
  const until = performance.now() + LIMIT_MS;
  let quietSince = performance.now();
  let last = '';
  while (performance.now() < until) {
    const counts = JSON.stringify(await ask(analystOf(rollcall), COUNT_ROWS));
    if (counts !== last) quietSince = performance.now();
    if (performance.now() - quietSince >= QUIET_MS) return;
    last = counts;
    await sleep(POLL_MS);
  }
  throw new Error(`rows were still arriving after ${LIMIT_MS} ms`);
}
