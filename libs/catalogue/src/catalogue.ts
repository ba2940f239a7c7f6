import { OPT_OUT_EVENT, type ProjectCatalogue } from '@rollcall/contracts-catalogue';

/** All projects that this Rollcall serves. Frozen once loaded. */
export interface Catalogue {
  readonly projects: ReadonlyMap<string, ProjectCatalogue>;
  /** The project that a host name belongs to alone; a port, upper case and a last dot do not matter. */
  byHost(host: string): ProjectCatalogue | undefined;
  /** The project that a write key belongs to, by the key's SHA-256 in lower-case hexadecimal. */
  byKeyHash(sha256hex: string): ProjectCatalogue | undefined;
}

/** Key sums by project that a deployment adds to those in the files. */
export type ExtraKeys = Readonly<Record<string, readonly string[]>>;

/** What Rollcall declares for every project by itself. */
const STANDING_EVENTS: ProjectCatalogue['events'] = {
  [OPT_OUT_EVENT]: { purpose: 'Somebody switched telemetry off. It names nobody.', fields: {} },
};

/**
 * Builds the look-ups over checked projects. `write_keys` of a project that is not public holds the added keys too, and
 * `events` of every project holds {@link OPT_OUT_EVENT}.
 *
 * Guarantee: names, hosts and keys of the given projects must be unique already; the first one wins otherwise.
 */
export function createCatalogue(
  checked: readonly ProjectCatalogue[],
  extraKeys: ExtraKeys = {},
): Catalogue {
  const projects = new Map(
    checked.map((project) => [project.project, complete(project, extraKeys)]),
  );
  const hosts = new Map<string, ProjectCatalogue>();
  const keys = new Map<string, ProjectCatalogue>();
  for (const project of projects.values()) {
    for (const host of project.hosts) hosts.set(host, project);
    for (const key of keysOf(project, extraKeys)) keys.set(key, project);
  }
  return {
    projects,
    byHost: (host) => hosts.get(hostName(host)),
    byKeyHash: (sha256hex) => keys.get(sha256hex),
  };
}

function complete(project: ProjectCatalogue, extraKeys: ExtraKeys): ProjectCatalogue {
  return {
    ...project,
    write_keys: project.write_keys === 'public' ? 'public' : keysOf(project, extraKeys),
    events: { ...project.events, ...STANDING_EVENTS },
  };
}

function keysOf(project: ProjectCatalogue, extraKeys: ExtraKeys): string[] {
  const own = project.write_keys === 'public' ? [] : project.write_keys;
  const added = Object.hasOwn(extraKeys, project.project) ? extraKeys[project.project] : undefined;
  return [...new Set([...own, ...(added ?? [])])];
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}
