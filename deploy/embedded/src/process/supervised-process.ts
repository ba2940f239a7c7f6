import { setTimeout as sleep } from 'node:timers/promises';
import { BoundedLog } from './bounded-log.ts';
import type { Guard } from './guard.ts';
import { RunningProcess, type ProcessExit, type ProcessSpec } from './running-process.ts';

const POLL_MS = 50;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;
/** A process that ran this long was healthy: its next crash is a first one again. */
const HEALTHY_AFTER_MS = 30_000;
/** Before it was ready for the first time, a process that keeps ending is a fault that a restart does not heal. */
const MAX_EARLY_CRASHES = 3;

/** What there is to say about a process while it is kept running. */
export interface ProcessNews {
  /** It ended by itself and is started again after `delayMs`. */
  crashed(name: string, exit: ProcessExit, lastLines: readonly string[], delayMs: number): void;
  /** It answers again, `tookMs` after it had ended. */
  recovered(name: string, tookMs: number): void;
  /** A line that a person should see. */
  alarmed(name: string, line: string): void;
  /** It has this id now; undefined: it has ended. */
  changed(name: string, pid: number | undefined): void;
}

/** For whoever does not listen. */
export const silentNews: ProcessNews = {
  crashed: () => undefined,
  recovered: () => undefined,
  alarmed: () => undefined,
  changed: () => undefined,
};

/** Where a process's output goes, who ends it with its launcher, and who hears of it. */
export interface Surroundings {
  readonly logFile: string;
  readonly guard: Guard;
  readonly news: ProcessNews;
}

/** @returns the delay before the restart that follows crash number `crashes` (1 is the first). */
export function restartDelayMs(crashes: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (crashes - 1));
}

/** Keeps one process running until it is stopped: a crash is told by name and followed by a restart. */
export class SupervisedProcess {
  readonly name: string;
  readonly #spec: ProcessSpec;
  readonly #log: BoundedLog;
  readonly #surroundings: Surroundings;
  #running: RunningProcess | undefined;
  #isReady = false;
  #stopping = new AbortController();
  #kept: Promise<void> = Promise.resolve();
  #crashes = 0;

  constructor(spec: ProcessSpec, surroundings: Surroundings) {
    this.name = spec.name;
    this.#spec = spec;
    this.#surroundings = surroundings;
    this.#log = new BoundedLog(surroundings.logFile);
  }

  /** Of the process that runs now; undefined between two runs. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /**
   * Starts the process and waits until it answers; from then on it is kept running.
   *
   * @throws with its last lines, when it keeps ending or does not answer in time; it is not running then.
   */
  async start(): Promise<void> {
    this.#stopping = new AbortController();
    for (let attempt = 1; ; attempt += 1)
      try {
        const running = await this.#spawn();
        await this.#awaitReady(running);
        this.#kept = this.#keep(running);
        return;
      } catch (cause) {
        await this.#running?.stop();
        if (attempt === MAX_EARLY_CRASHES || this.#stopping.signal.aborted)
          throw new Error(`${(cause as Error).message}. ${this.#lastWords()}`, { cause });
      }
  }

  /** Waits until the process answers, also when it is being restarted just now. */
  async whenReady(): Promise<void> {
    while (!this.#isReady) await sleep(POLL_MS);
  }

  /** Stops the process in its orderly way and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops the process; it stays down. Never fails. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running?.stop();
    await this.#kept;
  }

  /** Ends the process as a fault would, and waits until it has ended. It comes back by itself. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    running?.kill(signal);
    await running?.exited;
  }

  /** Does not wait for the orderly end that a stop is waiting for. */
  hurry(): void {
    this.#running?.kill('SIGKILL');
  }

  async #spawn(): Promise<RunningProcess> {
    const { news, guard } = this.#surroundings;
    this.#log.forgetLines();
    const running = await RunningProcess.spawn(this.#spec, this.#log, (line) => {
      // until it is ready, complaints belong to its start: they are told when that fails
      if (this.#isReady) news.alarmed(this.name, line);
    });
    this.#running = running;
    // the others end with their input, and more orderly than by a signal
    if (this.#spec.stopBy === 'SIGTERM') guard.watch(running.pid);
    news.changed(this.name, running.pid);
    void running.exited.then(() => {
      this.#running = undefined;
      this.#isReady = false;
      guard.forget(running.pid);
      news.changed(this.name, undefined);
    });
    return running;
  }

  async #awaitReady(running: RunningProcess): Promise<void> {
    await running.ready();
    this.#isReady = true;
  }

  async #keep(first: RunningProcess): Promise<void> {
    let startedAt = Date.now();
    let exit = await first.exited;
    while (!this.#stopping.signal.aborted) {
      const endedAt = Date.now();
      this.#crashes = endedAt - startedAt > HEALTHY_AFTER_MS ? 1 : this.#crashes + 1;
      const delayMs = restartDelayMs(this.#crashes);
      this.#surroundings.news.crashed(this.name, exit, this.#log.lastLines(), delayMs);
      await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      startedAt = Date.now();
      exit = await this.#runAgain(endedAt);
    }
  }

  async #runAgain(downSince: number): Promise<ProcessExit> {
    let running: RunningProcess;
    try {
      running = await this.#spawn();
    } catch {
      return { code: null, signal: null };
    }
    void this.#awaitReady(running).then(
      () => this.#surroundings.news.recovered(this.name, Date.now() - downSince),
      // alive but silent past its deadline: an end makes room for the next attempt
      () => running.kill('SIGKILL'),
    );
    return running.exited;
  }

  #lastWords(): string {
    const lines = this.#log.lastLines();
    return lines.length === 0 ? 'It said nothing.' : `It said last:\n    ${lines.join('\n    ')}`;
  }
}
