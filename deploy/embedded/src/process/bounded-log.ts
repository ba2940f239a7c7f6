import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 5 * 1_048_576;
const REMEMBERED_LINES = 20;

/**
 * A process's output: a file of at most 5 MiB, the 5 MiB before it in `<file>.1`, and the last lines in memory for
 * the moment the process dies.
 */
export class BoundedLog {
  readonly #file: string;
  readonly #remembered: string[] = [];
  #descriptor: number;
  #size: number;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#size = statSync(file).size;
  }

  append(line: string): void {
    this.#remembered.push(line);
    if (this.#remembered.length > REMEMBERED_LINES) this.#remembered.shift();
    if (this.#size > MAX_BYTES) this.#rotate();
    this.#size += writeSync(this.#descriptor, `${line}\n`);
  }

  /** @returns up to 20 lines, oldest first. */
  lastLines(): readonly string[] {
    return [...this.#remembered];
  }

  /** What was said before a restart does not explain the next end. */
  forgetLines(): void {
    this.#remembered.length = 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    renameSync(this.#file, `${this.#file}.1`);
    this.#descriptor = openSync(this.#file, 'a', 0o600);
    this.#size = 0;
  }
}
