import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { residentMiB } from '../load/process-usage.ts';

/** MiB of one process at one moment; NaN for what could not be measured. */
export interface MemoryReading {
  readonly resident: number;
  /** In use after garbage was collected: heap and buffers. */
  readonly live: number;
}

const POLL_MS = 20;
const PATIENCE_MS = 10_000;
const MEBIBYTE = 1_048_576;

/** Reads the memory of a process that was started with {@link MemoryWatch.nodeOptions}. */
export class MemoryWatch {
  readonly #file: string;

  constructor(directory: string) {
    this.#file = join(directory, 'live-memory');
  }

  /** For the environment of the process. */
  get nodeOptions(): string {
    const module = pathToFileURL(join(import.meta.dirname, 'live-memory.ts'));
    module.searchParams.set('to', this.#file);
    return `--import=${module.href}`;
  }

  async read(pid: number): Promise<MemoryReading> {
    // first, since collecting makes it smaller
    const resident = residentMiB(pid);
    return { resident, live: await this.#readLive(pid) };
  }

  async #readLive(pid: number): Promise<number> {
    rmSync(this.#file, { force: true });
    process.kill(pid, 'SIGUSR2');
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
      await sleep(POLL_MS);
      const text = textOf(this.#file);
      if (text !== undefined) return Number(text) / MEBIBYTE;
    }
    return NaN;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
