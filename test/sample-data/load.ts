import type { ClickHouse } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import { isSampleInstallation } from './marks.ts';
import type { SampleStore } from './access.ts';
import { SAMPLE_PROJECT_NAMES, SAMPLE_PROJECTS } from './projects/sample-projects.ts';
import type { SampleProject } from './projects/sample-project.ts';
import { insertEvents, insertSamples } from './statements.ts';
import type { Slice } from './visits.sql.ts';

/** Events of one insert: some seconds, and some hundred megabytes while it runs. */
const SLICE = 100_000;
/** A busy machine lets an insert time out; repeating it is safe, because a row merges with itself. */
const TRIES = 3;
/** Inserts at a time: one makes rows while another writes them. */
const WORKERS = 2;
const HOUR_MS = 3_600_000;

/** What to load. */
export interface Load {
  readonly events: number;
  readonly seed: number;
  /** End of the year that is told of, epoch ms; the present hour when left out. */
  readonly endMs?: number;
}

/** Something is there already, and would be mixed with what comes. */
export class AlreadyLoadedError extends Error {}

interface Part {
  readonly project: SampleProject;
  readonly slice: Slice;
}

/** @returns whether there are sample rows. */
export async function hasSample({ reader }: SampleStore): Promise<boolean> {
  const rows = await reader.rows(
    `SELECT 1 FROM ${reader.database}.installation_days
     WHERE project IN {projects:Array(String)} AND ${isSampleInstallation} LIMIT 1`,
    { projects: SAMPLE_PROJECT_NAMES },
  );
  return rows.length > 0;
}

/**
 * Makes events of the last year in ClickHouse itself, slice by slice.
 *
 * Guarantee: the same rows for the same events, seed and end.
 * @param say is told of every slice that is done
 * @throws AlreadyLoadedError when there are sample rows
 */
export async function loadSample(
  store: SampleStore,
  { events, seed, endMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS }: Load,
  say: (done: number) => void,
): Promise<void> {
  if (await hasSample(store))
    throw new AlreadyLoadedError(
      'The sample is loaded already, or a part of it. Remove it first: npm run sample-data -- --remove',
    );
  const waiting = partsOf(events, seed, endMs);
  let done = 0;
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      await insert(store, part);
      done += part.slice.to - part.slice.from;
      say(done);
    }
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, work));
  } finally {
    // when one fails the other ends with what it is at
    waiting.length = 0;
  }
}

async function insert({ writer }: SampleStore, { project, slice }: Part): Promise<void> {
  const what = `sample of ${project.name}, from ${slice.from}`;
  await insistently(writer, insertEvents(writer.database, project, slice), what);
  const samples = insertSamples(writer.database, project, slice);
  if (samples !== undefined) await insistently(writer, samples, `${what}, samples`);
}

async function insistently(writer: ClickHouse, statement: string, what: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1)
    try {
      await writer.command(statement, what);
      return;
    } catch (fault) {
      const isAway = fault instanceof RollcallError && fault.code === 'CH_UNAVAILABLE';
      if (!isAway || attempt === TRIES) throw fault;
    }
}

function partsOf(events: number, seed: number, endMs: number): Part[] {
  const shares = sharesOf(events);
  return SAMPLE_PROJECTS.flatMap((project, index) => {
    const total = shares[index] ?? 0;
    const starts = Array.from({ length: Math.ceil(total / SLICE) }, (_, slice) => slice * SLICE);
    return starts.map((from) => ({
      project,
      slice: { seed, endMs, total, from, to: Math.min(total, from + SLICE) },
    }));
  });
}

/** How many events each project gets: in sum exactly as many as were asked for. */
function sharesOf(events: number): readonly number[] {
  const shares = SAMPLE_PROJECTS.map(({ percent }) => Math.floor((events * percent) / 100));
  const rest = events - shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, index) => share + (index === 0 ? rest : 0));
}
