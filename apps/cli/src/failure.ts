import { CommanderError } from 'commander';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Terminal } from './terminal.ts';

/** The command has said everything there is to say; the process only has to end with this code. */
export class ExitCode extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.name = 'ExitCode';
    this.exitCode = exitCode;
  }
}

/** Says what went wrong, with its code where it has one. @returns the exit code */
export function reportFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof ExitCode) return error.exitCode;
  // commander has printed its own message
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof RollcallError) terminal.err(`${error.code}: ${error.message}`);
  else terminal.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
