import { refreshRollups } from '@rollcall/clickhouse';
import { startRollcall, type RollcallStack } from '@rollcall/embedded';
import { storeOf } from '../sample-data/access.ts';
import { loadSample } from '../sample-data/load.ts';

/** A whole Rollcall with a console, and sample data to look at. */
export interface SampleConsole {
  readonly stack: RollcallStack;
  readonly url: string;
  readonly token: string;
}

/**
 * Starts it, and has everything counted. Stop the stack at the end.
 *
 * @param catalogueDir a catalogue of the test's own; the shipped one unless given
 */
export async function startSampleConsole(
  events: number,
  catalogueDir?: string,
): Promise<SampleConsole> {
  const stack = await startRollcall({
    services: ['gateway', 'anonymizer', 'sink', 'console'],
    ...(catalogueDir !== undefined && { catalogueDir }),
  });
  const store = storeOf(stack.backends.clickhouse.url, stack.credentials.clickhouse);
  try {
    await loadSample(store, { events, seed: 6 }, () => undefined);
    await refreshRollups(store.owner);
  } finally {
    await store.close();
  }
  // what the console has asked for before is old now
  await stack.process('console').restart();
  return { stack, url: stack.urlOf('console'), token: stack.credentials.gateway.admin_token };
}
