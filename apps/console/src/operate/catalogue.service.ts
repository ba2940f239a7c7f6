import { describeProject, type PageEvent, type PageField } from '@rollcall/catalogue';
import type { ClickHouse } from '@rollcall/clickhouse';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { titleOf, type Code } from '@rollcall/contracts-transport';
import type { ApiCatalogue, ApiDeclaredEvent, ApiDropped } from '../api.ts';

/** What of a project's events did not fit its catalogue. */
const DROPS: readonly Code[] = [
  'AN_FIELD_UNDECLARED',
  'AN_FIELD_TYPE',
  'AN_FIELD_VALUE',
  'AN_SAMPLE_UNDECLARED',
  'AN_EVENT_UNKNOWN',
  'GW_EVENT_UNKNOWN',
  'GW_LABEL_DROPPED',
];

interface CarriedRow {
  readonly event: string;
  /** Of a kept field; empty for the event itself. */
  readonly path: string;
  readonly count: number;
}

/** How many events there were of each name, and how many of them carried each field. */
type Carried = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * A project's catalogue beside what came: which of its fields are in use, and how much was dropped that it does not name.
 *
 * Guarantee: every name in the answer is the catalogue's. What a client called something is stored nowhere.
 */
export class CatalogueService {
  readonly #clickhouse: Pick<ClickHouse, 'rows' | 'database'>;

  constructor(clickhouse: Pick<ClickHouse, 'rows' | 'database'>) {
    this.#clickhouse = clickhouse;
  }

  /**
   * @param days how far back, 1 or more
   * @throws CH_UNAVAILABLE and its like
   */
  async catalogue(project: ProjectCatalogue, days: number): Promise<ApiCatalogue> {
    const { commonFields, events, metrics } = describeProject(project);
    const [dropped, carried, samples] = await Promise.all([
      this.#dropped(project.project, days),
      this.#carried(project.project, days),
      metrics.length === 0 ? [] : this.#samples(project.project, days),
    ]);
    const counts = toCarried(carried);
    return {
      project: project.project,
      dropped,
      events: events.map((event) => toEvent(event, commonFields, counts)),
      metrics: metrics.map(({ name, purpose }) => ({
        name,
        purpose,
        count: samples.find((sample) => sample.name === name)?.count ?? 0,
      })),
    };
  }

  async #dropped(project: string, days: number): Promise<readonly ApiDropped[]> {
    const rows = await this.#clickhouse.rows<Omit<ApiDropped, 'title'> & { readonly code: Code }>(
      `SELECT toString(r."day") AS day, code, sum(r.count) AS count
       FROM ${this.#clickhouse.database}.rejections AS r FINAL
       WHERE project = {project:String} AND r."at" >= now() - toIntervalDay({days:UInt16})
         AND code IN {codes:Array(String)}
       GROUP BY r."day", code
       ORDER BY r."day" DESC, code`,
      { project, days, codes: DROPS },
    );
    return rows.map((row) => ({ ...row, title: titleOf(row.code) }));
  }

  /** Without FINAL: what a client repeated may be counted twice until parts merge. */
  #carried(project: string, days: number): Promise<readonly CarriedRow[]> {
    return this.#clickhouse.rows<CarriedRow>(
      `SELECT event, arrayJoin(arrayPushFront(JSONAllPaths(properties), '')) AS path, count() AS count
       FROM ${this.#clickhouse.database}.events
       WHERE project = {project:String} AND received_at >= now() - toIntervalDay({days:UInt16})
       GROUP BY event, path`,
      { project, days },
    );
  }

  #samples(project: string, days: number): Promise<readonly { name: string; count: number }[]> {
    return this.#clickhouse.rows(
      `SELECT name, count() AS count
       FROM ${this.#clickhouse.database}.metric_samples
       WHERE project = {project:String} AND received_at >= now() - toIntervalDay({days:UInt16})
       GROUP BY name`,
      { project, days },
    );
  }
}

function toCarried(rows: readonly CarriedRow[]): Carried {
  const byEvent = Map.groupBy(rows, ({ event }) => event);
  return new Map(
    [...byEvent].map(([event, ofEvent]) => [
      event,
      new Map(ofEvent.map(({ path, count }) => [path, count])),
    ]),
  );
}

function toEvent(
  { name, purpose, fields }: PageEvent,
  commonFields: readonly PageField[],
  carried: Carried,
): ApiDeclaredEvent {
  const counts = carried.get(name);
  // an event's own rule for a path takes the place of the common one
  const all = new Map([...commonFields, ...fields].map((field) => [field.path, field]));
  return {
    name,
    purpose,
    count: counts?.get('') ?? 0,
    fields: [...all.values()].map(({ path, treatment }) => ({
      path,
      treatment,
      count: counts?.get(path) ?? 0,
    })),
  };
}
