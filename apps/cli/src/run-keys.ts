import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Terminal } from './terminal.ts';

const KEYS_COMMAND = fileURLToPath(
  new URL('../../../libs/keys/src/keys.command.ts', import.meta.url),
);

/**
 * Runs the program that edits the keyring, as a process of its own: whoever can read keys can undo pseudonyms, so no
 * other code shares its memory (the lint rules forbid this app to import it).
 *
 * @returns its exit code; what it says goes to the terminal
 */
export async function runKeys(args: readonly string[], terminal: Terminal): Promise<number> {
  const child = spawn(process.execPath, [KEYS_COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [exitCode, out, err] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  if (out !== '') terminal.out(out.trimEnd());
  if (err !== '') terminal.err(err.trimEnd());
  return exitCode;
}
