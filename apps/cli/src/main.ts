import { readCliConfig } from './cli.config.ts';
import { createProgram } from './program.ts';
import { reportFailure } from './failure.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();
try {
  await createProgram({ terminal, config: () => readCliConfig() }).parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportFailure(error, terminal);
}
