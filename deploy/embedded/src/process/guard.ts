import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Reads lines of process ids, keeps the newest, and ends those processes when its input ends. A shell that waits in
 * `read` costs 1 MB and no CPU.
 */
const SCRIPT =
  'pids=; while read -r line; do pids=$line; done; [ -z "$pids" ] || kill $pids 2>/dev/null';

/**
 * Ends the children of a launcher that was killed with SIGKILL and could not do it: the launcher's end closes the
 * guard's input, whatever ended it.
 */
export class Guard {
  readonly #shell: ChildProcess;
  readonly #pids = new Set<number>();

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
      detached: true,
    });
    this.#shell.on('error', () => undefined);
    this.#shell.stdin?.on('error', () => undefined);
    this.#shell.unref();
  }

  watch(pid: number): void {
    this.#pids.add(pid);
    this.#tell();
  }

  forget(pid: number): void {
    this.#pids.delete(pid);
    this.#tell();
  }

  /** Call when every watched process has ended. */
  close(): void {
    this.#shell.stdin?.end('\n');
  }

  #tell(): void {
    this.#shell.stdin?.write(`${[...this.#pids].join(' ')}\n`);
  }
}
