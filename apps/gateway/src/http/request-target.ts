import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { DIALECTS, type Dialect } from '@rollcall/dialects';
import { Problem } from './problem.ts';

/** Where a request goes: which project it names (by prefix or host, if at all) and the client's own path. */
export interface RequestTarget {
  /** Undefined when only the write key can tell. */
  readonly project: ProjectCatalogue | undefined;
  readonly dialect: Dialect;
  /** Path below the host or prefix, leading slash, no trailing one. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface ProjectsByName {
  readonly projects: ReadonlyMap<string, ProjectCatalogue>;
  byHost(host: string): ProjectCatalogue | undefined;
}

const NO_QUERY = new URLSearchParams();
/** Dialects whose requests carry a write key of their own, so that they need neither host nor prefix. */
const KEYED_DIALECTS: readonly Dialect[] = [DIALECTS.segment, DIALECTS.posthog];

/** `/p/<project>/rest` → project and `/rest`; anything else → the path as it is. */
function splitPrefix(path: string): { name: string | undefined; rest: string } {
  if (!path.startsWith('/p/')) return { name: undefined, rest: path };
  const end = path.indexOf('/', 3);
  if (end === -1) return { name: path.slice(3), rest: '/' };
  return { name: path.slice(3, end), rest: path.slice(end) };
}

/** One slash form for both: clients send `/batch` and `/batch/`, and a redirect would lose the body. */
function withoutTrailingSlash(path: string): string {
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end -= 1;
  return path.slice(0, end);
}

function dialectFor(dialects: readonly Dialect[], path: string, method: string): Dialect {
  let allowed: readonly string[] | undefined;
  for (const dialect of dialects) {
    const methods = dialect.methodsOf(path);
    if (methods?.includes(method)) return dialect;
    if (methods !== undefined) allowed = [...(allowed ?? []), ...methods];
  }
  if (allowed === undefined) throw new Problem('GW_PATH_UNKNOWN');
  throw new Problem('GW_METHOD_NOT_ALLOWED', undefined, { allow: allowed.join(', ') });
}

/** Host name of a request without its port. */
export function hostOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** The project that host or prefix name, whatever the path below is. */
export function projectOf(
  catalogue: ProjectsByName,
  { host, url }: { host: string; url: string },
): ProjectCatalogue | undefined {
  const { name } = splitPrefix(url.split('?', 1)[0] ?? '/');
  return name === undefined ? catalogue.byHost(host) : catalogue.projects.get(name);
}

/**
 * Finds project and dialect of a request from its host and URL alone: nothing is read of the body yet.
 *
 * @throws Problem GW_PROJECT_UNKNOWN, GW_PATH_UNKNOWN, GW_METHOD_NOT_ALLOWED
 */
export function resolveTarget(
  catalogue: ProjectsByName,
  { method, host, url }: { method: string; host: string; url: string },
): RequestTarget {
  const queryAt = url.indexOf('?');
  const { name, rest } = splitPrefix(queryAt === -1 ? url : url.slice(0, queryAt));
  const path = withoutTrailingSlash(rest);
  const query = queryAt === -1 ? NO_QUERY : new URLSearchParams(url.slice(queryAt + 1));
  const project = name === undefined ? catalogue.byHost(host) : catalogue.projects.get(name);
  if (name !== undefined && project === undefined) throw new Problem('GW_PROJECT_UNKNOWN');
  const dialects = project ? project.dialects.map((dialect) => DIALECTS[dialect]) : KEYED_DIALECTS;
  return { project, dialect: dialectFor(dialects, path, method), path, query };
}
