import { join } from 'node:path';

/** A child process gets what it needs to be a process, and nothing of the caller's secrets. */
const PROCESS_VARIABLES = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME'];

/** @returns the variables that are wanted, where they are set. */
export function pickEnvironment(isWanted: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && isWanted(name)) picked[name] = value;
  return picked;
}

/** @returns the variables that every child process has. */
export function processEnvironment(): Record<string, string> {
  return pickEnvironment((name) => PROCESS_VARIABLES.includes(name));
}

/** @returns the whole environment, for the tools that are configured by it: Maven with its proxies and mirrors. */
export function toolEnvironment(): Record<string, string> {
  return pickEnvironment(() => true);
}

/** @returns where the Java of `JAVA_HOME`, or else of the path, is. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home ? join(home, 'bin', 'java') : 'java';
}
