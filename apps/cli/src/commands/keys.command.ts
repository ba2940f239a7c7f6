import { Command } from 'commander';
import { loadCatalogue } from '@rollcall/catalogue';
import { ROTATION_DAYS, type ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { keyringFile, type CliConfig } from '../cli.config.ts';
import type { CliContext } from '../context.ts';
import { ExitCode } from '../failure.ts';
import { runKeys } from '../run-keys.ts';
import type { Terminal } from '../terminal.ts';

/** `rollcall keys init|rotate|destroy`. Keys are touched by a process of their own; this one never sees them. */
export function keysCommand(context: CliContext): Command {
  const command = new Command('keys').description('The keys behind the pseudonyms');
  command
    .command('init')
    .description('make keys for the projects that have none')
    .option('--project <name...>', 'only these; every project of the catalogue unless set')
    .action(({ project }: { project?: string[] }) => edit('init', { project }, context));
  command
    .command('rotate')
    .description('begin a new epoch: pseudonyms from then on cannot be joined to those before')
    .option('--project <name...>', 'only these; every project of the catalogue unless set')
    .option(
      '--starts-in <seconds>',
      'when the epoch begins, so that all anonymizers know it by then',
    )
    .option('--due', 'only projects whose newest epoch is older than their catalogue’s rotation')
    .action((options: RotateOptions) => rotate(options, context));
  command
    .command('destroy')
    .description(
      'remove the key of one epoch for ever: nobody can then undo its pseudonyms, or erase by them',
    )
    .requiredOption('--project <name>')
    .requiredOption('--epoch <number>')
    .option('--yes', 'really; it cannot be undone')
    .action((options: DestroyOptions) => destroy(options, context));
  return command;
}

interface Edit {
  readonly project?: readonly string[] | undefined;
  readonly flags?: readonly string[];
}

async function edit(
  verb: string,
  { project, flags = [] }: Edit,
  context: CliContext,
): Promise<void> {
  const config = context.config();
  const projects = project ?? (await projectNames(config));
  await run([verb, ...keyring(config), ...projectFlags(projects), ...flags], context.terminal);
}

interface RotateOptions {
  readonly project?: string[];
  readonly startsIn?: string;
  readonly due?: true;
}

async function rotate(
  { project, startsIn, due }: RotateOptions,
  context: CliContext,
): Promise<void> {
  const flags = startsIn === undefined ? [] : ['--starts-in', startsIn];
  if (due !== true) return edit('rotate', { project, flags }, context);
  const { projects } = await loadCatalogue(context.config().CATALOGUE_DIR);
  for (const [days, names] of projectsByRotation(projects, project))
    await edit(
      'rotate',
      { project: names, flags: [...flags, '--older-than-days', String(days)] },
      context,
    );
}

/** Names by the days of their rotation; those that never rotate are in none. */
function projectsByRotation(
  projects: ReadonlyMap<string, ProjectCatalogue>,
  only: readonly string[] | undefined,
): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const [name, { installation }] of projects) {
    const days = ROTATION_DAYS[installation.rotation];
    if (days === undefined || (only !== undefined && !only.includes(name))) continue;
    groups.set(days, [...(groups.get(days) ?? []), name]);
  }
  return groups;
}

interface DestroyOptions {
  readonly project: string;
  readonly epoch: string;
  readonly yes?: true;
}

async function destroy(
  { project, epoch, yes }: DestroyOptions,
  context: CliContext,
): Promise<void> {
  if (yes !== true)
    throw new RollcallError(
      'CFG_INVALID',
      `epoch ${epoch} of ${project} would be gone for ever, and with it every erasure by its pseudonyms; add --yes`,
    );
  await run(
    ['destroy', ...keyring(context.config()), '--project', project, '--epoch', epoch],
    context.terminal,
  );
}

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const exitCode = await runKeys(args, terminal);
  if (exitCode !== 0) throw new ExitCode(exitCode);
}

function keyring(config: CliConfig): string[] {
  return ['--keyring', keyringFile(config)];
}

function projectFlags(projects: readonly string[]): string[] {
  return projects.flatMap((project) => ['--project', project]);
}

async function projectNames(config: CliConfig): Promise<readonly string[]> {
  return [...(await loadCatalogue(config.CATALOGUE_DIR)).projects.keys()];
}
