import { Command } from 'commander';
import { analystCommand } from './commands/analyst.command.ts';
import { catalogueCommand } from './commands/catalogue.command.ts';
import { doctorCommand } from './commands/doctor.command.ts';
import { eraseCommand } from './commands/erase.command.ts';
import { keysCommand } from './commands/keys.command.ts';
import { queryCommand } from './commands/query.command.ts';
import { replayCommand } from './commands/replay.command.ts';
import { setupCommand } from './commands/setup.command.ts';
import type { CliContext } from './context.ts';
import type { Terminal } from './terminal.ts';

const COMMANDS = [
  analystCommand,
  catalogueCommand,
  doctorCommand,
  eraseCommand,
  keysCommand,
  queryCommand,
  replayCommand,
  setupCommand,
];

/** The `rollcall` command. Nothing ends the process here: failures are thrown, so that a test can look at them. */
export function createProgram(context: CliContext): Command {
  const program = new Command('rollcall')
    .description('Usage telemetry that an open-source project runs itself')
    .showHelpAfterError('Run with --help to see what there is.');
  for (const command of COMMANDS) program.addCommand(command(context));
  return quieten(program, context.terminal);
}

/** commander prints and exits on its own unless every command is told not to. */
function quieten(command: Command, terminal: Terminal): Command {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.err(text.trimEnd()),
  });
  for (const inner of command.commands) quieten(inner, terminal);
  return command;
}
