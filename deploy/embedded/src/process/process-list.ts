import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 100;
/** ClickHouse, whose input has ended with its launcher, may need 5 s for what it holds. */
const ORDERLY_END_MS = 12_000;

type Listed = Readonly<Record<string, ProcessIdentity>>;

function readList(file: string): Listed {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Listed;
  } catch {
    return {};
  }
}

/** The processes of a running Rollcall by name, in a file: for people, for tests, and for the start after a SIGKILL. */
export class ProcessList {
  readonly #file: string;
  readonly #listed = new Map<string, ProcessIdentity>();

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined: it has ended. */
  set(name: string, pid: number | undefined): void {
    const identity = pid === undefined ? undefined : identityOf(pid);
    if (identity) this.#listed.set(name, identity);
    else this.#listed.delete(name);
    const scratch = `${this.#file}.${process.pid}`;
    writeFileSync(scratch, `${JSON.stringify(Object.fromEntries(this.#listed), undefined, 2)}\n`);
    renameSync(scratch, this.#file);
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has just ended
  }
}

/**
 * Ends what a killed launcher has left running.
 *
 * Guarantee: ends only the very processes that were listed; when it returns none of them runs.
 * @returns the names of those that were still there.
 */
export async function endOrphans(file: string): Promise<readonly string[]> {
  const orphans = Object.entries(readList(file)).filter(([, identity]) => isRunning(identity));
  const left = (): ProcessIdentity[] =>
    orphans.map(([, identity]) => identity).filter((identity) => isRunning(identity));
  // ClickHouse ends by itself, and whole only when nobody hurries it
  for (const [name, { pid }] of orphans) if (name !== 'clickhouse') signal(pid, 'SIGTERM');
  const until = Date.now() + ORDERLY_END_MS;
  while (left().length > 0 && Date.now() < until) await sleep(POLL_MS);
  for (const { pid } of left()) signal(pid, 'SIGKILL');
  while (left().length > 0) await sleep(POLL_MS);
  rmSync(file, { force: true });
  return orphans.map(([name]) => name);
}
