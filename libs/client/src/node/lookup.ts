import { Resolver, lookup as systemLookup, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import type { Waiting } from './alone.ts';

type Callback = (error: Error | null, address: never, family?: number) => void;

/** Who is asked; a test has its own. */
interface Asked {
  readonly resolver?: Resolver;
  readonly system?: (hostname: string, options: LookupOptions, callback: never) => void;
}

/** Longest wait for a name server, in ms. */
const NAME_SERVER_TIMEOUT_MS = 1_000;
/** The name server said nothing; every other answer, an error too, shows that it is there. */
const SILENCE: ReadonlySet<string | undefined> = new Set([
  'ETIMEOUT',
  'ECANCELLED',
  'EDESTRUCTION',
]);

/**
 * The system's name lookup, asked only once a name server has shown that it answers.
 *
 * The system's lookup cannot be called off: behind a network that swallows it, it holds a process for ten seconds and
 * more after its work is done. A query of our own can be called off. Its answer is not used: addresses come from the
 * system, which also reads the hosts file, and who blocks a host there is obeyed.
 *
 * @param waiting is told about the query, which Node does not list, though it keeps the process alive.
 */
export function patientLookup(waiting: Waiting, { resolver, system }: Asked = {}) {
  return (hostname: string, options: LookupOptions, callback: Callback): void => {
    const ask = (): void => (system ?? systemLookup)(hostname, options, callback as never);
    if (isIP(hostname) !== 0 || /(^|\.)localhost$/.test(hostname)) return ask();
    const query = resolver ?? new Resolver({ timeout: NAME_SERVER_TIMEOUT_MS, tries: 1 });
    waiting.resources = 0;
    waiting.cancelQuery = () => query.cancel();
    query.resolve4(hostname, (error) => {
      waiting.resources = 1;
      if (error !== null && SILENCE.has(error.code)) callback(error, undefined as never);
      else ask();
    });
  };
}
