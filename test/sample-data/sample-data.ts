/**
 * `npm run sample-data`: ten million made-up events of the last year in the Rollcall that runs here, for trying what can be
 * asked of it. Every row can be told from a real one, and removed again.
 */
import { consoleProgress as progress } from '@rollcall/embedded';
import { refreshRollups } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import { NothingRunsError, runningStore, type SampleStore } from './access.ts';
import { AlreadyLoadedError, loadSample } from './load.ts';
import { measureView, PUBLIC_VIEWS, type Measured } from './measure.ts';
import { readOptions, USAGE, type SampleOptions } from './options.ts';
import { SAMPLE_PROJECT_NAMES } from './projects/sample-projects.ts';
import { removeSample } from './remove.ts';

const SAY_EVERY_MS = 3_000;

/** Tells how far the load is, not oftener than is worth reading. */
function teller(events: number): (done: number) => void {
  const startedAt = Date.now();
  let toldAt = startedAt;
  return (done) => {
    const now = Date.now();
    if (now - toldAt < SAY_EVERY_MS && done < events) return;
    toldAt = now;
    const seconds = (now - startedAt) / 1000;
    const left = (seconds / done) * (events - done);
    progress.say(
      `  ${done.toLocaleString('en')} of ${events.toLocaleString('en')} events, ${Math.round((100 * done) / events)} %, ${Math.round(seconds)} s, about ${Math.round(left)} s left`,
    );
  };
}

async function load(store: SampleStore, { events, seed }: SampleOptions): Promise<void> {
  await progress.step(`Load ${events.toLocaleString('en')} sample events`, () =>
    loadSample(store, { events, seed }, teller(events)),
  );
  await progress.step('Count them for the views', () => refreshRollups(store.owner));
  progress.say('Remove them again with: npm run sample-data -- --remove');
}

async function remove(store: SampleStore): Promise<void> {
  await progress.step('Remove the sample', () =>
    removeSample(store, (table, rows) =>
      progress.say(`  ${table}: ${rows.toLocaleString('en')} rows`),
    ),
  );
  await progress.step('Count what is left for the views', () => refreshRollups(store.owner));
}

async function measure(store: SampleStore): Promise<void> {
  const measured: Measured[] = [];
  for (const view of PUBLIC_VIEWS)
    for (const project of SAMPLE_PROJECT_NAMES)
      measured.push(await measureView(store, view, project));
  console.table(measured);
}

const TASKS = { load, remove, measure };

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const store = await runningStore();
  try {
    await TASKS[options.task](store, options);
  } finally {
    await store.close();
  }
}

try {
  await run();
} catch (fault) {
  process.exitCode = 1;
  if (fault instanceof RangeError) console.error(`${fault.message}\n\n${USAGE}`);
  else if (fault instanceof NothingRunsError || fault instanceof AlreadyLoadedError)
    console.error(fault.message);
  else if (fault instanceof RollcallError)
    console.error(
      `${fault.message}\nWhat was loaded until then stays: npm run sample-data -- --remove`,
    );
  else throw fault;
}
