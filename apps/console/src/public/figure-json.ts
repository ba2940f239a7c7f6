import type { ApiFigure, ApiFigureHead, ApiProject, ApiProjectHead } from '../api.ts';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { FigureDefinition } from '../figures/figure.ts';
import type { PublicFigure } from '../figures/figures.service.ts';

type Parameters = Readonly<Record<string, string>>;

export function toApiFigureHead(
  { id, title, drawing, definition, sql }: FigureDefinition,
  parameters: Parameters,
): ApiFigureHead {
  return { id, title, drawing, definition, sql, parameters };
}

export function toApiFigure(figure: PublicFigure): ApiFigure {
  const { project, definition, parameters, madeAt, table } = figure;
  return {
    project: project.project,
    ...toApiFigureHead(definition, parameters),
    made_at: new Date(madeAt).toISOString(),
    least_count: table.leastCount,
    columns: table.columns,
    rows: table.rows,
  };
}

export function toApiProjectHead(project: ProjectCatalogue): ApiProjectHead {
  const { project: name, title, homepage, why } = project;
  return { name, title, homepage, why };
}

export function toApiProject(
  project: ProjectCatalogue,
  figures: readonly ApiFigureHead[],
): ApiProject {
  return {
    ...toApiProjectHead(project),
    least_count: project.minimum_cell,
    figures,
    opt_out: project.opt_out,
  };
}
