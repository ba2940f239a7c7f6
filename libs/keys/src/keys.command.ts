import { parseArgs } from 'node:util';
import { RollcallError } from '@rollcall/contracts-transport';
import { destroyEpoch, initProjects, rotateProjects, type KeyringEdit } from './keyring-edit.ts';
import { updateKeyring } from './keyring-store.ts';

const USAGE = `Usage: node libs/keys/src/keys.command.ts <command> --keyring <file> --project <name>…

  init     makes keys for the projects that have none; changes nothing else
  rotate   begins a new epoch for each project [--starts-in <seconds>, 60] [--older-than-days <days>, 0]
  destroy  removes the key of one epoch for ever: --project <name> --epoch <number>

Keys are never printed.`;

/** Anonymizers look for a new file every 10 seconds; a minute leaves room for a slow secret mount. */
const DEFAULT_STARTS_IN_SECONDS = 60;
const DAY_MS = 86_400_000;

/** A command line that makes no sense; answered with the usage text. */
class UsageError extends Error {}

interface Arguments {
  readonly command: string | undefined;
  readonly keyring: string;
  readonly projects: readonly string[];
  readonly epoch: number;
  readonly startsInSeconds: number;
  readonly olderThanDays: number;
}

function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      keyring: { type: 'string' },
      project: { type: 'string', multiple: true },
      epoch: { type: 'string' },
      'starts-in': { type: 'string' },
      'older-than-days': { type: 'string' },
    },
  });
  if (values.keyring === undefined) throw new UsageError('--keyring is missing');
  if (values.project === undefined) throw new UsageError('--project is missing');
  return {
    command: positionals[0],
    keyring: values.keyring,
    projects: values.project.map(parseProject),
    epoch: parseCount('epoch', values.epoch ?? '0'),
    startsInSeconds: parseCount(
      'starts-in',
      values['starts-in'] ?? String(DEFAULT_STARTS_IN_SECONDS),
    ),
    olderThanDays: parseCount('older-than-days', values['older-than-days'] ?? '0'),
  };
}

function parseProject(text: string): string {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(text)) throw new UsageError('--project is not a project name');
  return text;
}

function parseCount(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is not a number`);
  return Number(text);
}

function run(args: Arguments): KeyringEdit {
  const { command, keyring, projects, epoch } = args;
  const nowMs = Date.now();
  switch (command) {
    case 'init':
      return updateKeyring(keyring, (current) => initProjects(current, projects, nowMs));
    case 'rotate': {
      const instants = {
        nowMs,
        startsAtMs: nowMs + args.startsInSeconds * 1_000,
        olderThanMs: args.olderThanDays * DAY_MS,
      };
      return updateKeyring(keyring, (current) => rotateProjects(current, projects, instants));
    }
    case 'destroy': {
      const [project, ...others] = projects;
      if (project === undefined || others.length > 0 || epoch === 0)
        throw new UsageError('destroy takes one --project and one --epoch');
      return updateKeyring(keyring, (current) => destroyEpoch(current, project, epoch, nowMs), {
        shred: true,
      });
    }
    default:
      throw new UsageError('no such command');
  }
}

function isUsageFault(error: unknown): error is Error {
  const isParseFault = error instanceof TypeError && 'code' in error;
  return error instanceof UsageError || isParseFault;
}

function main(argv: readonly string[]): number {
  try {
    for (const { project, epoch, what } of run(parseArguments(argv)).done)
      process.stdout.write(`project ${project}: epoch ${epoch} ${what}\n`);
    return 0;
  } catch (error) {
    if (isUsageFault(error)) {
      process.stderr.write(`${error.message}\n\n${USAGE}\n`);
      return 2;
    }
    if (!(error instanceof RollcallError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
