import type { Coordinates, ReplayableTopic } from '@rollcall/contracts-transport';
import type { ClickHouse } from './clickhouse.ts';

/** Which rejections are meant. */
export interface Refusals {
  readonly topic: ReplayableTopic;
  readonly code: string;
  /** Empty for what was refused before its project was known; undefined for every project. */
  readonly project?: string | undefined;
  /** Only what was refused since, to the second. */
  readonly since: Date;
}

/** A piece of a long answer. */
export interface Piece {
  /** The last coordinates of the piece before; undefined for the first piece. */
  readonly after?: Coordinates | undefined;
  readonly most: number;
}

const LARGEST: Coordinates = {
  partition: 2_147_483_647,
  offset: '9223372036854775807',
  index: 2_147_483_647,
};
const ALL: Piece = { most: 4_294_967_295 };

/**
 * Where records were refused, each place once, the latest of a partition first.
 *
 * Guarantee: asked for piece after piece it ends also while pieces are replayed. What is refused again lies in the same
 * partition at a later offset, which the next piece, going back, does not come to.
 * @throws the code of the query's outcome
 */
export async function findRefused(
  client: Pick<ClickHouse, 'rows' | 'database'>,
  { topic, code, project, since }: Refusals,
  { after = LARGEST, most }: Piece = ALL,
): Promise<readonly Coordinates[]> {
  return client.rows<Coordinates>(
    `SELECT DISTINCT "partition", toString("offset") AS "offset", "index"
     FROM ${client.database}.rejections AS r FINAL
     WHERE topic = {topic:String} AND code = {code:String} AND r.offset >= 0 AND r.partition >= 0
       AND ({every:UInt8} = 1 OR project = {project:String}) AND "at" >= toDateTime({since:UInt32})
       AND (r.partition, r.offset, r.index) < ({partition:Int32}, {offset:Int64}, {index:Int32})
     ORDER BY r.partition DESC, r.offset DESC, r.index DESC
     LIMIT {most:UInt32}`,
    {
      topic,
      code,
      every: project === undefined ? 1 : 0,
      project: project ?? '',
      since: Math.floor(since.getTime() / 1_000),
      ...after,
      most,
    },
  );
}
