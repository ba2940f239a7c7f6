import { describeProject, type PageEvent, type PageField } from '@rollcall/catalogue';
import type { ClickHouse } from '@rollcall/clickhouse';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { RollcallError, titleOf, type Code } from '@rollcall/contracts-transport';
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

/** How many events there were of each name, and by path how many of them carried a field. */
type Carried = ReadonlyMap<string, { readonly events: number; readonly fields: Counts }>;
type Counts = ReadonlyMap<string, number>;

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
    const declared = events.map((event) => ({ event, fields: fieldsOf(event, commonFields) }));
    const paths = declared.flatMap(({ fields }) => fields.map(({ path }) => path));
    // one after the other: an analyst has eight queries at once, and figures are made as the same one
    const dropped = await this.#dropped(project.project, days);
    const carried = await this.#carried(project.project, [...new Set(paths)], days);
    const samples = metrics.length === 0 ? [] : await this.#samples(project.project, days);
    return {
      project: project.project,
      dropped,
      events: declared.map(({ event, fields }) => toEvent(event, fields, carried)),
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

  /**
   * Without FINAL: what a client repeated may be counted twice until parts merge. Each path by itself, as ClickHouse stores
   * them: two cores count a million events a second so, and a third of that by `JSONAllPaths`.
   *
   * @returns undefined when there are too many events for the time or the memory that an analyst has
   * @throws CH_FAILED and its like, which less of them would not mend
   */
  async #carried(
    project: string,
    paths: readonly string[],
    days: number,
  ): Promise<Carried | undefined> {
    const counts = paths.map(
      (path, at) => `, countIf(isNotNull(properties.${quoted(path)})) AS field_${at}`,
    );
    const rows = await this.#clickhouse
      .rows<Readonly<Record<string, unknown>>>(
        `SELECT event, count() AS events${counts.join('')}
         FROM ${this.#clickhouse.database}.events
         WHERE project = {project:String} AND received_at >= now() - toIntervalDay({days:UInt16})
         GROUP BY event`,
        { project, days },
      )
      .catch((error: unknown) => {
        // the code of both limits; it is that of a ClickHouse that is away too, and then the other questions say so
        if (error instanceof RollcallError && error.code === 'CH_UNAVAILABLE') return undefined;
        throw error;
      });
    return (
      rows &&
      new Map(
        rows.map((row) => [
          String(row['event']),
          {
            events: Number(row['events']),
            fields: new Map(paths.map((path, at) => [path, Number(row[`field_${at}`])])),
          },
        ]),
      )
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

/** A path as ClickHouse reads it: each key by itself. */
function quoted(path: string): string {
  return path
    .split('.')
    .map((key) => `\`${key.replaceAll(/[\\`]/g, '\\$&')}\``)
    .join('.');
}

/** What an event may carry: an event's own rule for a path takes the place of the common one. */
function fieldsOf({ fields }: PageEvent, commonFields: readonly PageField[]): readonly PageField[] {
  return [...new Map([...commonFields, ...fields].map((field) => [field.path, field])).values()];
}

function toEvent(
  event: PageEvent,
  fields: readonly PageField[],
  carried: Carried | undefined,
): ApiDeclaredEvent {
  const { name, purpose } = event;
  const found = carried?.get(name);
  const otherwise = carried === undefined ? null : 0;
  return {
    name,
    purpose,
    count: found?.events ?? otherwise,
    fields: fields.map(({ path, treatment }) => ({
      path,
      treatment,
      count: found?.fields.get(path) ?? otherwise,
    })),
  };
}
