import type { Catalogue } from '@rollcall/catalogue';
import type { ClickHouse } from '@rollcall/clickhouse';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Clock, Log } from '@rollcall/pipeline';
import {
  publishBreakdown,
  publishSeries,
  type PublishedTable,
  type QueryRow,
} from '@rollcall/publication';
import { errorFields } from '@rollcall/service-kit';
import { KeptAnswers } from './kept-answers.ts';
import { parametersOf, type FigureDefinition } from './figure.ts';
import { FIGURES } from './figures.table.ts';

/** A figure as it may be shown to everyone. */
export interface PublicFigure {
  readonly project: ProjectCatalogue;
  readonly definition: FigureDefinition;
  readonly parameters: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly table: PublishedTable;
}

export interface FiguresPorts {
  readonly catalogue: Catalogue;
  readonly clickhouse: Pick<ClickHouse, 'rows'>;
  readonly refreshMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The one way from the tables to the public.
 *
 * Guarantee: what leaves here went through `libs/publication` with the project's own least count; nothing else of a
 * query's rows is kept. A figure is asked for at most once in `refreshMs`, however many ask for it.
 */
export class Figures {
  readonly #ports: FiguresPorts;
  readonly #kept: KeptAnswers<PublicFigure>;

  constructor(ports: FiguresPorts) {
    this.#ports = ports;
    this.#kept = new KeptAnswers(ports.refreshMs, ports.clock);
  }

  get projects(): readonly ProjectCatalogue[] {
    return [...this.#ports.catalogue.projects.values()];
  }

  /** @throws CO_PROJECT_UNKNOWN */
  project(name: string): ProjectCatalogue {
    const project = this.#ports.catalogue.projects.get(name);
    if (project === undefined) throw new RollcallError('CO_PROJECT_UNKNOWN');
    return project;
  }

  /**
   * @throws CO_PROJECT_UNKNOWN
   * @throws CO_FIGURE_UNKNOWN
   * @throws CO_STORE_AWAY when there is no answer, not even an earlier one
   */
  async figure(projectName: string, id: string): Promise<PublicFigure> {
    const project = this.project(projectName);
    const definition = FIGURES.find((figure) => figure.id === id);
    if (definition === undefined) throw new RollcallError('CO_FIGURE_UNKNOWN');
    const name = `${project.project}/${id}`;
    try {
      return await this.#kept.get(name, () => this.#make(project, definition));
    } catch (cause) {
      this.#ports.log.warn('A figure cannot be made.', { figure: name, ...errorFields(cause) });
      throw new RollcallError('CO_STORE_AWAY', undefined, { cause });
    }
  }

  parameters(definition: FigureDefinition, project: string): Readonly<Record<string, string>> {
    return parametersOf(definition, project, this.#ports.clock());
  }

  /** Asks for every figure once, so that the first visitor waits for none. */
  async warm(): Promise<void> {
    for (const { project } of this.projects)
      for (const { id } of FIGURES) await this.figure(project, id).catch(() => undefined);
  }

  async #make(project: ProjectCatalogue, definition: FigureDefinition): Promise<PublicFigure> {
    const madeAt = this.#ports.clock();
    const parameters = this.parameters(definition, project.project);
    const rows = await this.#ports.clickhouse.rows<QueryRow>(definition.sql, parameters);
    const { shape } = definition;
    const leastCount = project.minimum_cell;
    const table =
      shape.kind === 'series'
        ? publishSeries(rows, shape, leastCount)
        : publishBreakdown(rows, shape, leastCount);
    return { project, definition, parameters, madeAt, table };
  }
}
