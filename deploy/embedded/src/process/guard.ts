import { spawn, type ChildProcess } from 'node:child_process';
import { processEnvironment } from '../environment.config.ts';

/**
 * Reads lines of process ids, keeps the newest, and ends those processes when its input ends: by SIGTERM, and after
 * ten seconds by SIGKILL. A shell that waits in `read` costs 1 MB and no CPU.
 */
const SCRIPT = `
pids=
while read -r line; do pids=$line; done
[ -n "$pids" ] || exit 0
some_run() { for pid in $pids; do kill -0 $pid && return 0; done; return 1; }
kill $pids
seconds=0
while [ $seconds -lt 10 ] && some_run; do sleep 1; seconds=$((seconds + 1)); done
kill -9 $pids
`;

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
      env: processEnvironment(),
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
