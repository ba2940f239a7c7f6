import type { Catalogue } from '@rollcall/catalogue';
import { compilePattern, OPT_OUT_EVENT } from '@rollcall/contracts-catalogue';

/** Names of the fields that an event may have; none for an event that is not declared. */
export function fieldsOf(catalogue: Catalogue, project: string, event: string): string[] {
  const declared = catalogue.projects.get(project);
  if (event === OPT_OUT_EVENT) return [];
  const own = declared?.events[event];
  if (own === undefined) throw new Error(`${project} declares no event ${event}`);
  return Object.keys({ ...declared?.fields, ...own.fields });
}

/** Names of the labels that a metric may have. */
export function labelsOf(catalogue: Catalogue, project: string, metric: string): string[] {
  const declared = catalogue.projects.get(project)?.metrics[metric];
  if (declared === undefined) throw new Error(`${project} declares no metric ${metric}`);
  return Object.keys(declared.labels);
}

/** What a row says of the facts that filters look at, and its flags. */
export interface Flagged {
  readonly project: string;
  readonly app_version: string;
  readonly provider: string;
  readonly is_ci: number;
  readonly is_dev: number;
  readonly is_fork: number;
}

/** What the anonymizer would say; the filters of the five projects look at the version or the provider. */
export function flagsOf(catalogue: Catalogue, { project, app_version, provider }: Flagged): object {
  const filters = catalogue.projects.get(project)?.filters;
  const holds = (kind: 'ci' | 'dev' | 'fork'): number => {
    const value = kind === 'ci' ? provider : app_version;
    const found = (filters?.[kind] ?? []).some(
      ({ equals, pattern }) =>
        equals?.some((one) => one === value) === true ||
        (pattern !== undefined && compilePattern(pattern)?.test(value) === true),
    );
    return Number(value !== '' && found);
  };
  return { is_ci: holds('ci'), is_dev: holds('dev'), is_fork: holds('fork') };
}
