/**
 * The only reader of the environment here.
 *
 * A child process gets what it needs to be a process, and nothing of the caller's secrets.
 */
const PROCESS_VARIABLES = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME'];

/** @returns the variables that every child process has. */
export function processEnvironment(): Record<string, string> {
  return pick((name) => PROCESS_VARIABLES.includes(name));
}

/** @returns the whole environment, for the tools that are configured by it: Maven with its proxies and mirrors. */
export function toolEnvironment(): Record<string, string> {
  return pick(() => true);
}

function pick(isWanted: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && isWanted(name)) picked[name] = value;
  return picked;
}

/** @returns where the Java of `JAVA_HOME`, or else of the path, is. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home ? `${home}/bin/java` : 'java';
}

/** @returns the folder of broker jars to use instead of the data directory's own, when one is named. */
export function kafkaLibsOverride(): string | undefined {
  return process.env['ROLLCALL_KAFKA_LIBS_DIR'] || undefined;
}
