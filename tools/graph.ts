import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProjectGraphAsync, type ProjectGraph } from 'nx/src/devkit-exports.js';
import { format } from 'prettier';

/**
 * Draws the dependency graph of the projects into ARCHITECTURE.md, between its markers.
 *
 * Usage: node tools/graph.ts
 */
const PAGE = join(import.meta.dirname, '../ARCHITECTURE.md');
const BEGIN = '<!-- graph: made by `npm run graph` -->';
const END = '<!-- graph: end -->';

const LAYERS = ['app', 'adapter', 'platform', 'domain', 'core', 'contracts'] as const;

interface Project {
  /** Without the scope. */
  readonly name: string;
  readonly layer: string;
  readonly data: string;
  readonly keys: string;
  readonly needs: readonly string[];
}

function toProjects(graph: ProjectGraph): readonly Project[] {
  const nodes = Object.values(graph.nodes);
  const tagOf = (tags: readonly string[], axis: string): string =>
    tags.find((tag) => tag.startsWith(`${axis}:`))?.slice(axis.length + 1) ?? '';
  const projects = nodes.map(({ name, data: { tags = [] } }) => ({
    name: withoutScope(name),
    layer: tagOf(tags, 'layer'),
    data: tagOf(tags, 'data'),
    keys: tagOf(tags, 'keys'),
    needs: (graph.dependencies[name] ?? [])
      .map(({ target }) => target)
      .filter((target) => target in graph.nodes)
      .map(withoutScope),
  }));
  const isDrawn = ({ layer }: Project): boolean => LAYERS.some((known) => known === layer);
  const names = new Set(projects.filter(isDrawn).map(({ name }) => name));
  return projects
    .filter(isDrawn)
    .map((project) => ({
      ...project,
      needs: project.needs.filter((need) => names.has(need)).toSorted(),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function withoutScope(name: string): string {
  return name.replace('@rollcall/', '');
}

/** Needs that do not follow from another need: the arrows worth drawing. */
function directNeeds(project: Project, all: ReadonlyMap<string, Project>): readonly string[] {
  const reaches = (from: string, to: string): boolean =>
    (all.get(from)?.needs ?? []).some((need) => need === to || reaches(need, to));
  return [...new Set(project.needs)].filter(
    (need) => !project.needs.some((other) => other !== need && reaches(other, need)),
  );
}

const STYLES = {
  raw: 'stroke:#b3261e,stroke-width:2px',
  anonymized: 'stroke:#1b6e3c,stroke-width:2px',
  none: 'stroke:#7a7a7a',
} as const;

/** @returns the graph as Mermaid, one box per layer, colours by data class. */
export function drawGraph(graph: ProjectGraph): string {
  const projects = toProjects(graph);
  const all = new Map(projects.map((project) => [project.name, project]));
  const boxes = LAYERS.map((layer) => {
    const inside = projects.filter((project) => project.layer === layer);
    const lines = inside.map(({ name, data, keys }) => {
      const mark = keys === 'holder' ? '🔑 ' : '';
      return `    ${name}["${mark}${name}"]:::${data}`;
    });
    return [`  subgraph layer-${layer}["${layer}"]`, ...lines, '  end'].join('\n');
  });
  const arrows = projects.flatMap((project) =>
    directNeeds(project, all).map((need) => `  ${project.name} --> ${need}`),
  );
  const classes = Object.entries(STYLES).map(([name, style]) => `  classDef ${name} ${style}`);
  return ['```mermaid', 'flowchart TD', ...boxes, ...arrows, ...classes, '```'].join('\n');
}

/** @returns the page with the graph of today between its markers, formatted. */
export async function withGraph(page: string, graph: ProjectGraph): Promise<string> {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin)
    throw new Error(`ARCHITECTURE.md has lost its markers ${BEGIN} and ${END}`);
  const text = `${page.slice(0, begin)}${BEGIN}\n\n${drawGraph(graph)}\n\n${page.slice(end)}`;
  return format(text, { parser: 'markdown', singleQuote: true, printWidth: 100 });
}

if (import.meta.main) {
  const graph = await createProjectGraphAsync({ exitOnError: false });
  writeFileSync(PAGE, await withGraph(readFileSync(PAGE, 'utf8'), graph));
}
