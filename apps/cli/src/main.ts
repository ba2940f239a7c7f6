import { createProgram } from './program.ts';
import { reportFailure } from './failure.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();
try {
  await createProgram(terminal).parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportFailure(error, terminal);
}
