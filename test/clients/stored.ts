import { ask } from '../replay/analyst.ts';
import { analystOf, type RunningRollcall } from '../stack/running-rollcall.ts';
import { settled } from '../stack/settled.ts';

/** What ClickHouse holds of what was sent. */
export interface Stored {
  /** Rows of a plain query, which sees a row for every time that an event was stored. */
  readonly rows: number;
  /** Rows of a query with FINAL, which sees an event once. */
  readonly finalRows: number;
  readonly eventIds: number;
  readonly installations: number;
  /** What the rows say they were sent by. */
  readonly libraries: readonly string[];
  /** What the gateways and the anonymizer refused of this project meanwhile. */
  readonly refused: number;
}

const LIBRARY = `coalesce(nullIf(toString(properties.\`$lib\`), ''), toString(properties.\`$context\`.library.name))`;

/** Now, as rows say when they were received. */
export function instant(): string {
  return new Date().toISOString().replace('T', ' ').replace('Z', '');
}

/** Waits until nothing more arrives. @returns what was stored of a project since an instant. */
export async function storedSince(
  rollcall: RunningRollcall,
  project: string,
  since: string,
): Promise<Stored> {
  await settled(rollcall);
  const where = `WHERE project = {project:String} AND received_at >= {since:DateTime64(3)}`;
  const [stored] = await ask<Stored>(
    analystOf(rollcall),
    `SELECT count() AS rows, uniqExact(event_id) AS eventIds, uniqExact(installation) AS installations,
      arraySort(groupUniqArray(${LIBRARY})) AS libraries,
      (SELECT count() FROM rollcall.events FINAL ${where}) AS finalRows,
      (SELECT sum(count) FROM rollcall.rejections FINAL WHERE project = {project:String}
        AND stage != 'anonymizer' AND at >= toDateTime({since:DateTime64(3)})) AS refused
    FROM rollcall.events ${where}`,
    { project, since },
  );
  if (stored === undefined) throw new Error('a query without rows');
  return stored;
}
