import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundedLog } from './bounded-log.ts';

const POLL_MS = 50;
/** How long what a process has printed may come after its end; one that it has started may hold its output open for ever. */
const OUTPUT_MS = 1_000;

/** How a child process is started, known to be ready, and stopped. */
export interface ProcessSpec {
  /** What people call it: `kafka`, `gateway`. */
  readonly name: string;
  readonly command: string;
  /** Visible to every user of the machine: no secret belongs here. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment: nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Asked every 50 ms until it is true. */
  readonly isReady: () => Promise<boolean>;
  readonly readyDeadlineMs: number;
  /** Closing standard input is for a process that also has to end with a killed launcher. */
  readonly stopBy: 'SIGTERM' | 'closing its input';
  readonly stopDeadlineMs: number;
  /** Called after each end of the process. */
  readonly ended?: (exit: ProcessExit) => void;
  /** Lines for the console too, and not only for the log file. */
  readonly isAlarming: (line: string) => boolean;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** @returns `signal SIGKILL` or `exit code 1`. */
export function describeExit(exit: ProcessExit): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}

/** One run of a child process, from its start to its end. */
export class RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #spec: ProcessSpec;
  #exit: ProcessExit | undefined;

  private constructor(spec: ProcessSpec, child: ChildProcess, pid: number) {
    this.#spec = spec;
    this.#child = child;
    this.pid = pid;
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        const exit = { code, signal };
        this.#exit = exit;
        spec.ended?.(exit);
        // Node may know of the end before it has read the last lines, those that say why.
        const limit = setTimeout(resolve, OUTPUT_MS, exit);
        child.once('close', () => {
          clearTimeout(limit);
          resolve(exit);
        });
      });
    });
  }

  /**
   * Starts the process in a group of its own: Ctrl-C in a terminal reaches the launcher alone, which then stops
   * everything in order.
   *
   * @throws when the command cannot be started at all.
   */
  static async spawn(
    spec: ProcessSpec,
    log: BoundedLog,
    onAlarm: (line: string) => void,
  ): Promise<RunningProcess> {
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: { ...spec.env },
      stdio: [spec.stopBy === 'SIGTERM' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    for (const output of [child.stdout, child.stderr])
      if (output)
        createInterface({ input: output }).on('line', (line) => {
          log.append(line);
          if (spec.isAlarming(line)) onAlarm(line);
        });
    // the process may be gone when its input is closed
    child.stdin?.on('error', () => undefined);
    if (child.pid === undefined) {
      const [cause] = (await once(child, 'error')) as [Error];
      throw new Error(`${spec.name} cannot be started: ${cause.message}`, { cause });
    }
    child.on('error', () => undefined);
    return new RunningProcess(spec, child, child.pid);
  }

  /**
   * Waits until the process answers.
   *
   * @throws when it ends first or does not answer in time.
   */
  async ready(): Promise<void> {
    const until = Date.now() + this.#spec.readyDeadlineMs;
    while (!(await this.#spec.isReady())) {
      if (this.#exit) throw new Error(`${this.#spec.name} ended (${describeExit(this.#exit)})`);
      if (Date.now() > until)
        throw new Error(
          `${this.#spec.name} did not answer within ${this.#spec.readyDeadlineMs / 1000} s`,
        );
      await sleep(POLL_MS);
    }
    // another process may be answering on the same port
    if (this.#exit) throw new Error(`${this.#spec.name} ended (${describeExit(this.#exit)})`);
  }

  /** Asks the process to end, and makes it end after its deadline. Never fails. */
  async stop(): Promise<ProcessExit> {
    if (this.#spec.stopBy === 'SIGTERM') this.kill('SIGTERM');
    else this.#child.stdin?.end();
    const timer = setTimeout(() => this.kill('SIGKILL'), this.#spec.stopDeadlineMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.#exit) this.#child.kill(signal);
  }
}
