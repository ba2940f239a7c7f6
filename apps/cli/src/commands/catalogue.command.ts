import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import {
  checkCatalogue,
  describeProject,
  diffCatalogue,
  formatFinding,
  loadCatalogue,
  loadCatalogueFile,
  toHtml,
  toJson,
  toMarkdown,
  withOrigin,
  type CatalogueChange,
  type ChangeKind,
} from '@rollcall/catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { CliContext } from '../context.ts';
import { ExitCode } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** `rollcall catalogue check|docs|diff`. */
export function catalogueCommand({ terminal, config }: CliContext): Command {
  const command = new Command('catalogue').description('The files that decide what is kept');
  command
    .command('check')
    .description('check every file, and say what is wrong where and what to do')
    .argument('[directory]', 'folder of the files (CATALOGUE_DIR)')
    .option('--json', 'print files and findings as JSON')
    .action((directory: string | undefined, options: { json?: true }) =>
      check(directory ?? config().CATALOGUE_DIR, options.json === true, terminal),
    );
  command
    .command('docs')
    .description('print the page "what we collect" of a project')
    .argument('<project>')
    .addOption(
      new Option('--format <format>', 'form of the page')
        .choices(Object.keys(RENDERERS))
        .default('markdown'),
    )
    .option('--origin <url>', 'address of the gateway, for the commands on the page')
    .option('--dir <directory>', 'folder of the files (CATALOGUE_DIR)')
    .action((project: string, options: Omit<DocsOptions, 'dir'>) =>
      docs(project, { dir: config().CATALOGUE_DIR, ...options }, terminal),
    );
  command
    .command('diff')
    .description('say what a change widens or narrows')
    .argument('<before>', 'folder or file')
    .argument('<after>', 'folder or file')
    .option('--json', 'print the changes as JSON')
    .option('--fail-on-widening', 'exit with 1 when a change widens what is collected')
    .action((before: string, after: string, options: DiffOptions) =>
      diff([before, after], options, terminal),
    );
  return command;
}

async function check(directory: string, isJson: boolean, terminal: Terminal): Promise<void> {
  const { projects, findings } = await checkCatalogue(directory);
  const files = projects.map(summarize);
  if (isJson) terminal.out(JSON.stringify({ files, findings }, undefined, 2));
  else
    for (const { file, events, fields } of files)
      terminal.out(`${file.padEnd(24)}${plural(events, 'event')}, ${plural(fields, 'field')}`);
  if (findings.length === 0) return;
  if (isJson) throw new ExitCode(1);
  const lines = ['', ...findings.map(formatFinding), plural(findings.length, 'finding')];
  throw new RollcallError('CAT_INVALID', lines.join('\n'));
}

function summarize(project: ProjectCatalogue): { file: string; events: number; fields: number } {
  const page = describeProject(project);
  const named = [...page.events, ...page.metrics].reduce(
    (sum, { fields }) => sum + fields.length,
    0,
  );
  return {
    file: `${project.project}.yaml`,
    events: page.events.length,
    fields: page.commonFields.length + named,
  };
}

const RENDERERS = { markdown: toMarkdown, html: toHtml, json: toJson } as const;

interface DocsOptions {
  readonly format: keyof typeof RENDERERS;
  readonly origin?: string;
  readonly dir: string;
}

async function docs(
  name: string,
  { format, origin, dir }: DocsOptions,
  terminal: Terminal,
): Promise<void> {
  const { projects } = await loadCatalogue(dir);
  const project = projects.get(name);
  if (project === undefined)
    throw new RollcallError('GW_PROJECT_UNKNOWN', `there is ${[...projects.keys()].join(', ')}`);
  const page = describeProject(project);
  terminal.out(RENDERERS[format](origin === undefined ? page : withOrigin(page, origin)).trimEnd());
}

interface DiffOptions {
  readonly json?: true;
  readonly failOnWidening?: true;
}

async function diff(
  paths: readonly [string, string],
  { json, failOnWidening }: DiffOptions,
  terminal: Terminal,
): Promise<void> {
  const [before, after] = await Promise.all(paths.map(projectsOf));
  const changes = diffCatalogue(before ?? new Map(), after ?? new Map());
  terminal.out(json === true ? JSON.stringify(changes, undefined, 2) : toText(changes));
  const count = changes.filter(({ kind }) => kind === 'widens').length;
  if (failOnWidening === true && count > 0)
    throw new RollcallError('CAT_WIDENED', `${plural(count, 'line')} above; a person has to agree`);
}

async function projectsOf(path: string): Promise<ReadonlyMap<string, ProjectCatalogue>> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFile() !== true) return (await loadCatalogue(path)).projects;
  const project = await loadCatalogueFile(path);
  return new Map([[project.project, project]]);
}

const KINDS: readonly ChangeKind[] = ['widens', 'narrows', 'neutral'];

function toText(changes: readonly CatalogueChange[]): string {
  const lines = KINDS.flatMap((kind) =>
    changes
      .filter((change) => change.kind === kind)
      .map(
        ({ project, path, text }) =>
          `${kind.padEnd(8)} ${[project, path].filter(Boolean).join(' ')}: ${text}`,
      ),
  );
  const counts = KINDS.map(
    (kind) => `${changes.filter((change) => change.kind === kind).length} ${kind}`,
  );
  return [...lines, changes.length === 0 ? 'No difference.' : counts.join(', ')].join('\n');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
