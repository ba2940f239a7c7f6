import type { CliConfig } from './cli.config.ts';
import type { Terminal } from './terminal.ts';

/** What a command may touch beside files and servers. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Reads the settings when a command needs them. @throws CFG_INVALID */
  readonly config: () => CliConfig;
}
