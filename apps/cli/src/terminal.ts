import type { Log } from '@rollcall/pipeline';

/** Where a command writes: answers to one side, everything else to the other. Both add the line's end. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** The terminal, or whatever the process is connected to. */
export function processTerminal(): Terminal {
  // a reader such as `head` that has seen enough is no failure of ours
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** What libraries say while a command runs, as lines for a person. */
export function toLog(terminal: Terminal): Log {
  const say = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const facts = Object.entries(fields).filter(([, value]) => value !== undefined);
    const tail = facts.map(([key, value]) => `${key} ${String(value)}`).join(', ');
    terminal.err(tail === '' ? message : `${message.replace(/\.$/, '')}: ${tail}.`);
  };
  return { info: say, warn: say, error: say };
}

/** For checks that report by themselves. */
export const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
